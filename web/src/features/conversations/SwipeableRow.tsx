import { memo, type ReactNode } from "react";

import { createLater } from "../../lib/useLater";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { ConversationRow, type ConversationRowProps } from "./ConversationRow";

/** For fingers alone. As long as it cannot be had, rows do without. */
const useSwipe = createLater(async () => (await import("./RowSwipe")).RowSwipe).use;

/** A row of the list that a finger can push aside. */
export const SwipeableRow = memo(function SwipeableRow(props: ConversationRowProps): ReactNode {
  const row = <ConversationRow {...props} />;
  const isForFingers = useMediaQuery("(pointer: coarse)");
  const { parts: RowSwipe } = useSwipe(isForFingers);
  return isForFingers && RowSwipe !== null ? <RowSwipe room={props.room}>{row}</RowSwipe> : row;
});
