/** What the composer is for, besides a message of its own: an answer to one, or another text for one that was sent. */
import { useSyncExternalStore } from "react";
import { asQuote } from "../../realtime/quotes";
import type { ConversationItem, EditMode, ReplyMode, WritingMode } from "../../realtime/types";
import { useChatClient } from "../session";

/** An answer to a message that the server has. */
export function replyTo(item: ConversationItem): ReplyMode | null {
  const { key, id, seq } = item;
  return id === null || seq === null ? null : { kind: "reply", key, quote: asQuote({ ...item, id, seq }) };
}

/** Another text for one's own message; `text` is what it says now, or what was to be said and was refused. */
export function editOf({ key, id, clientMessageId, content, change }: ConversationItem, text = content): EditMode {
  return { kind: "edit", key, messageId: id, clientMessageId, before: content, ifChange: change, text };
}

/** Whether it is for oneself to say something else in it: files and what was deleted stay as they are. */
export function canEdit({ isOwn, type, deletedAt, state }: ConversationItem): boolean {
  return isOwn && type === "text" && deletedAt === null && state !== "refused";
}

/** Somebody who looks at another conversation meanwhile, or at another page, finds it as it was. */
export function useMode(roomId: string): WritingMode | null {
  const { drafts } = useChatClient();
  return useSyncExternalStore(drafts.subscribe, () => drafts.modeOf(roomId));
}
