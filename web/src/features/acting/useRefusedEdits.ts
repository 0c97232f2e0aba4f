import { useEffect } from "react";
import { useStore } from "../../lib/useStore";
import type { Conversation, Refusal } from "../../realtime/types";
import { editOf } from "../composer";
import { useChatClient } from "../session";

/** Refusals whose texts are back in the composer. */
const taken = new WeakSet<Refusal>();

/** A text that was refused is back in the composer, to be looked at again beside what the message says now: nothing is lost. */
export function useRefusedEdits(conversation: Conversation): void {
  const client = useChatClient();
  const refusal = useStore(client.refusals);
  useEffect(() => {
    if (refusal?.action.kind !== "edit" || refusal.roomId !== conversation.roomId || taken.has(refusal)) return;
    taken.add(refusal);
    const { messageId, clientMessageId, content } = refusal.action;
    const isIt = (item: { id: string | null; clientMessageId: string | null }) =>
      messageId === null ? item.clientMessageId === clientMessageId : item.id === messageId;
    const item = conversation.getSnapshot().items.find(isIt);
    const isBusy = client.drafts.modeOf(conversation.roomId) !== null;
    if (item?.deletedAt !== null || isBusy) return;
    client.drafts.setMode(conversation.roomId, editOf(item, content));
  }, [client, conversation, refusal]);
}
