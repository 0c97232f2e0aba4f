import { useCallback, useState } from "react";
import type { Conversation, Drafts } from "../../realtime/types";

/** What somebody has begun to write in a room; kept from one visit to the next. */
export function useDraft(drafts: Drafts, { roomId }: Conversation): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => drafts.get(roomId));
  const keepText = useCallback(
    (next: string) => {
      setText(next);
      drafts.set(roomId, next);
    },
    [drafts, roomId],
  );
  return [text, keepText];
}
