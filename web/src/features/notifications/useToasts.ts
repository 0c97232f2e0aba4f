import { useEffect, useState } from "react";

import type { NotificationRecord } from "../../realtime/types";
import { useChatClient } from "../session";
import { tellByToasts } from "./tellByToasts";
import { Toasts } from "./toasts";

/** The toasts of this page, of what has come since `heard`; see `tellByToasts`. */
export function useToasts(currentRoomId: string | null, heard: NotificationRecord | null): Toasts {
  const { notifications, preferences } = useChatClient();
  const [toasts] = useState(() => new Toasts(heard));
  useEffect(
    () => tellByToasts(toasts, { notifications, preferences, currentRoomId }),
    [notifications, preferences, toasts, currentRoomId],
  );
  useEffect(() => () => toasts.clear(), [toasts]);
  return toasts;
}
