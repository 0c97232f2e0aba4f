import { useEffect, useState, useSyncExternalStore } from "react";

import type { Conversation, ConversationState } from "../../realtime/types";
import { useChatClient } from "../session";

const NOTHING = (): (() => void) => () => undefined;

/** What is known of a room's conversation, which another view shows; null at first. */
export function useRoomConversation(roomId: string): ConversationState | null {
  const client = useChatClient();
  const [conversation, setConversation] = useState<Conversation | null>(null);
  useEffect(() => {
    const opened = client.open(roomId);
    // Opening is an effect.
    setConversation(opened);
    return () => opened.close();
  }, [client, roomId]);
  return useSyncExternalStore(conversation?.subscribe ?? NOTHING, () => conversation?.getSnapshot() ?? null);
}
