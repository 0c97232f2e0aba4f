import { useEffect, useState } from "react";
import { WritableStore } from "../../lib/store";
import { useStore } from "../../lib/useStore";
import { isFor } from "../../realtime/refusedEdits";
import type {
  Conversation,
  ConversationItem,
  ConversationState,
  RefusedEdit,
  RefusedEdits,
} from "../../realtime/types";
import { editOf, useMode } from "../composer";
import { useChatClient } from "../session";

const NONE = new WritableStore<readonly RefusedEdit[]>([]);

/**
 * A text that was refused is back in the composer, to be looked at again beside what the message says now: nothing is
 * lost. It waits until its message is there, and until the composer is for nothing else.
 */
export function useRefusedEdits({ roomId }: Conversation, { items }: ConversationState): void {
  const refused = useRefused();
  const waiting = useStore(refused?.waiting ?? NONE);
  const edit = waiting.find((one) => one.roomId === roomId && items.some((item) => isFor(one, item)));
  const item = edit && items.find((one) => isFor(edit, one));
  const isFree = useMode(roomId) === null;
  useEffect(() => {
    if (edit === undefined || item === undefined || !isFree) return;
    void refused?.take(edit, item.deletedAt === null ? modeFor(edit, item) : null);
  }, [refused, edit, item, isFree]);
}

/** Null until everything that the device keeps of what was begun has come in. */
function useRefused(): RefusedEdits | null {
  const client = useChatClient();
  const isKnown = useStore(client.me) !== null;
  const [refused, setRefused] = useState<RefusedEdits | null>(null);
  useEffect(() => {
    let isOver = false;
    if (isKnown) void client.refusedEdits().then((found) => isOver || setRefused(found));
    return () => {
      isOver = true;
      setRefused(null);
    };
  }, [client, isKnown]);
  return refused;
}

/** The message may say something else again since the text was refused. */
function modeFor({ present, action }: RefusedEdit, item: ConversationItem) {
  const isNews = present !== null && present.change > item.change;
  return editOf(isNews ? { ...item, ...present } : item, action.content);
}
