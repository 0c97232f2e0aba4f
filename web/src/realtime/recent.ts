import type { KeptConversation } from "./device";

const IN_MEMORY = 30;

/** Puts a conversation among those that are kept in memory; the one that was not looked at for the longest time goes. */
export function rememberRecent(recent: Map<string, KeptConversation>, conversation: KeptConversation): void {
  recent.delete(conversation.roomId);
  recent.set(conversation.roomId, conversation);
  for (const [oldest] of recent) {
    if (recent.size <= IN_MEMORY) break;
    recent.delete(oldest);
  }
}
