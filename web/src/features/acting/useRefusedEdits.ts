import { useEffect } from "react";
import { useStore } from "../../lib/useStore";
import type { Conversation, ConversationState } from "../../realtime/types";
import { editOf, useMode } from "../composer";
import { useChatClient } from "../session";
import { isFor, refusedEditsOf } from "./refusedEdits";

/**
 * A text that was refused is back in the composer, to be looked at again beside what the message says now: nothing is
 * lost. It waits until its message is there, and until the composer is for nothing else.
 */
export function useRefusedEdits({ roomId }: Conversation, { items }: ConversationState): void {
  const client = useChatClient();
  const refused = refusedEditsOf(client);
  const waiting = useStore(refused.waiting);
  const edit = waiting.find((one) => one.roomId === roomId && items.some((item) => isFor(one, item)));
  const item = edit && items.find((one) => isFor(edit, one));
  const isFree = useMode(roomId) === null;
  useEffect(() => {
    if (edit === undefined || item === undefined || !isFree) return;
    refused.take(edit);
    if (item.deletedAt === null)
      client.drafts.setMode(roomId, editOf({ ...item, ...edit.present }, edit.action.content));
  }, [client, refused, roomId, edit, item, isFree]);
}
