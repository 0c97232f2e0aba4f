import { useCallback, useSyncExternalStore } from "react";
import type { Conversation, Drafts } from "../../realtime/types";

/** What somebody has begun to write in a room; kept from one visit to the next. */
export function useDraft(drafts: Drafts, { roomId }: Conversation): readonly [string, (text: string) => void] {
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.get(roomId));
  const keepText = useCallback(
    (next: string) => {
      drafts.set(roomId, next);
    },
    [drafts, roomId],
  );
  return [text, keepText];
}
