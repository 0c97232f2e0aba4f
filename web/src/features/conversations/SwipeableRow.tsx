import { lazy, memo, Suspense, type ReactNode } from "react";

import { useMediaQuery } from "../../ui/useMediaQuery";
import { ConversationRow, type ConversationRowProps } from "./ConversationRow";

/** For fingers alone: where there are none it is not loaded, and where it cannot be had rows do without. */
const RowSwipe = lazy(() =>
  import("./RowSwipe").then(
    (module) => ({ default: module.RowSwipe }),
    () => ({ default: ({ children }: { readonly children: ReactNode }) => children }),
  ),
);

/** A row of the list that a finger can push aside. */
export const SwipeableRow = memo(function SwipeableRow(props: ConversationRowProps): ReactNode {
  const row = <ConversationRow {...props} />;
  if (!useMediaQuery("(pointer: coarse)")) return row;
  return (
    <Suspense fallback={row}>
      <RowSwipe room={props.room}>{row}</RowSwipe>
    </Suspense>
  );
});
