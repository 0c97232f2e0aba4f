import { useMemo, useState } from "react";
import { useTimeZone } from "../../lib/format/useNow";
import type { ConversationState } from "../../realtime/types";
import { arePrepended, layOutRows, type Row } from "./rows";

interface Rows {
  readonly rows: readonly Row[];
  /** Whether these rows came of the ones before by older messages in front: the list then keeps its distance from the end. */
  readonly shift: boolean;
}

/** The rows of a conversation, and how they came of the ones before. */
export function useRows({ items, firstUnreadSeq, typing, hasNewer }: ConversationState): Rows {
  // They answer below what was said last, which is not on the screen.
  const isSomebodyTyping = typing.length > 0 && !hasNewer;
  const zone = useTimeZone();
  const rows = useMemo(
    () => layOutRows({ items, firstUnreadSeq, isSomebodyTyping, zone }),
    [items, firstUnreadSeq, isSomebodyTyping, zone],
  );
  const [shown, setShown] = useState<Rows>({ rows, shift: false });
  if (shown.rows !== rows) setShown({ rows, shift: arePrepended(shown.rows, rows) });
  return shown;
}
