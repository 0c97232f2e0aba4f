import { useEffect, useMemo, useRef } from "react";

import { mutedUntil, useFreshPreferences, usePreferences } from "../preferences";
import { useChatClient } from "../session";
import { roomOf } from "./target";
import { Toasts } from "./toasts";

/**
 * The toasts of this page. What tells of the conversation that is open here needs none: it is on the screen. One that
 * is muted has none either: it is only listed.
 */
export function useToasts(currentRoomId: string | null): Toasts {
  const { notifications } = useChatClient();
  const toasts = useMemo(() => new Toasts(), []);
  const { preferences } = usePreferences();
  const newest = useRef(preferences);
  useFreshPreferences();
  useEffect(() => {
    newest.current = preferences;
  }, [preferences]);

  useEffect(() => {
    let last = notifications.getSnapshot().latest;
    return notifications.subscribe(() => {
      const { latest, items } = notifications.getSnapshot();
      const unread = new Set(items.filter((item) => !item.read).map((item) => item.id));
      toasts.keepOnly(({ id }) => unread.has(id));
      if (latest === null || latest === last) return;
      last = latest;
      const roomId = roomOf(latest);
      if (roomId !== null && (roomId === currentRoomId || mutedUntil(newest.current, roomId, Date.now()) !== null))
        return;
      // A hidden page shows the browser's own notification instead: nobody would see this one pass.
      if (!document.hidden) toasts.add(latest);
    });
  }, [notifications, toasts, currentRoomId]);

  useEffect(() => () => toasts.clear(), [toasts]);
  return toasts;
}
