import { useEffect, useMemo } from "react";

import { useChatClient } from "../session";
import { roomOf } from "./target";
import { Toasts } from "./toasts";

/** The toasts of this page. What tells of the conversation that is open here needs none: it is on the screen. */
export function useToasts(currentRoomId: string | null): Toasts {
  const { notifications } = useChatClient();
  const toasts = useMemo(() => new Toasts(), []);

  useEffect(() => {
    let last = notifications.getSnapshot().latest;
    return notifications.subscribe(() => {
      const { latest, items } = notifications.getSnapshot();
      const unread = new Set(items.filter((item) => !item.read).map((item) => item.id));
      toasts.keepOnly(({ id }) => unread.has(id));
      if (latest === null || latest === last) return;
      last = latest;
      // A hidden page shows the browser's own notification instead: nobody would see this one pass.
      if (document.hidden || (currentRoomId !== null && roomOf(latest) === currentRoomId)) return;
      toasts.add(latest);
    });
  }, [notifications, toasts, currentRoomId]);

  useEffect(() => () => toasts.clear(), [toasts]);
  return toasts;
}
