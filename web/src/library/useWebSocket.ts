import { useChatClient } from "../features/session";
import { useStore, useStoreSelector } from "../lib/useStore";
import type { ChatClient, ConnectionState } from "../realtime/types";

export interface WebSocketState {
  /** Whether what is sent now goes out now. What is sent meanwhile waits, and is not lost. */
  readonly isConnected: boolean;
  readonly connection: ConnectionState;
  /** Unread messages in all rooms. */
  readonly unreadCount: number;
  /** All that the parts are made of, for a host that makes parts of its own. */
  readonly client: ChatClient;
}

/** The connection of the page's chat, and what is unread. Every caller shares the one socket. */
export function useWebSocket(): WebSocketState {
  const client = useChatClient();
  const connection = useStore(client.connection);
  const unreadCount = useStoreSelector(client.rooms, (rooms) => rooms.totalUnread);
  return { isConnected: connection.phase === "online", connection, unreadCount, client };
}
