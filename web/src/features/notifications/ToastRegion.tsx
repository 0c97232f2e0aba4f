import { Suspense, useState, type ReactNode } from "react";

import { lazyPart } from "../../ui/lazyPart";
import { useChatClient } from "../session";
import type { ToastsProps } from "./ToastLines";

/** What arrives before it is there is shown then. As long as it cannot be had, the bell tells of all. */
const ToastLines = lazyPart(
  async () => (await import("./ToastLines")).ToastLines,
  () => null,
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
