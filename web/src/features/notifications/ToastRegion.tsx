import { lazy, Suspense, useState, type ReactNode } from "react";

import { useChatClient } from "../session";
import type { ToastsProps } from "./ToastLines";

/** What arrives before it is there is shown then. Where it cannot be had, the bell tells of all. */
const ToastLines = lazy(() =>
  import("./ToastLines").then(
    (module) => ({ default: module.ToastLines }),
    () => ({ default: () => null }),
  ),
);

/** Where new notifications appear, and go by themselves when nobody reads them. */
export function ToastRegion(props: Omit<ToastsProps, "heard">): ReactNode {
  const { notifications } = useChatClient();
  const [heard] = useState(() => notifications.getSnapshot().latest);
  return (
    <Suspense fallback={null}>
      <ToastLines heard={heard} {...props} />
    </Suspense>
  );
}
