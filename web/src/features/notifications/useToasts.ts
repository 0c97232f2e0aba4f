import { useEffect, useMemo } from "react";

import { useChatClient } from "../session";
import { tellByToasts } from "./tellByToasts";
import { Toasts } from "./toasts";

/** The toasts of this page; see `tellByToasts`. */
export function useToasts(currentRoomId: string | null): Toasts {
  const { notifications, preferences } = useChatClient();
  const toasts = useMemo(() => new Toasts(), []);
  useEffect(
    () => tellByToasts(toasts, { notifications, preferences, currentRoomId }),
    [notifications, preferences, toasts, currentRoomId],
  );
  useEffect(() => () => toasts.clear(), [toasts]);
  return toasts;
}
