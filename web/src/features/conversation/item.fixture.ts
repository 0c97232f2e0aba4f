/** A message as a view shows it, for tests. */
import { UNCHANGED } from "../../realtime/unchanged";
import type { ConversationItem, User } from "../../realtime/types";

export const ana: User = { id: "ana", name: "Ana", avatar: null, role: "va" };

/** Of Ana's, unless it says otherwise. */
export function createItem(seq: number | null, change: Partial<ConversationItem> = {}): ConversationItem {
  const sender = change.sender ?? ana;
  return {
    ...UNCHANGED,
    key: `m${String(seq)}`,
    id: seq === null ? null : `message-${String(seq)}`,
    seq,
    clientMessageId: null,
    senderId: sender.id,
    sender,
    content: "x",
    type: "text",
    metadata: null,
    createdAt: "2026-03-05T10:00:00.000Z",
    isOwn: false,
    state: null,
    error: null,
    ...change,
  };
}
