import { useEffect, useState } from "react";
import { toChatError, type ChatError } from "../../lib/api/chatError";
import { isRecord } from "../../lib/api/envelope";
import { useStore } from "../../lib/useStore";
import type { ConversationItem, Reader } from "../../realtime/types";
import { useChatClient } from "../session";

/** Many may read at once. */
const CALM_MS = 200;

interface Readers {
  /** Null until they are known. */
  readonly readers: readonly Reader[] | null;
  readonly error: ChatError | null;
}

/** Who has read a message, asked for anew when somebody reads in its room, and after a reconnection. */
export function useReaders({ id }: ConversationItem, roomId: string): Readers {
  const { server, connection } = useChatClient();
  const { phase } = useStore(connection);
  const [found, setFound] = useState<Readers>({ readers: null, error: null });
  const [count, setCount] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = server.on("message_read", (payload) => {
      if (!isRecord(payload) || payload.chatRoomId !== roomId) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setCount((before) => before + 1);
      }, CALM_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [server, roomId]);
  useEffect(() => {
    if (id === null) return;
    let isWanted = true;
    server.request<readonly Reader[]>(`/api/chat/messages/${encodeURIComponent(id)}/readers`).then(
      ({ data }) => isWanted && setFound({ readers: data, error: null }),
      // What is known stays.
      (cause: unknown) =>
        isWanted && setFound(({ readers }) => ({ readers, error: readers === null ? toChatError(cause) : null })),
    );
    return () => {
      isWanted = false;
    };
  }, [server, id, count, phase]);
  return found;
}
