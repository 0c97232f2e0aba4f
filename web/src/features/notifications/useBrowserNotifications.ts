import { useEffect, useRef } from "react";

import { useChatClient } from "../session";
import { BrowserNotifications } from "./browserNotifications";
import type { Navigate } from "./target";

/** Browser notifications for as long as the view is there. */
export function useBrowserNotifications(onNavigate: Navigate): void {
  const { notifications } = useChatClient();
  const navigate = useRef(onNavigate);
  useEffect(() => {
    navigate.current = onNavigate;
  }, [onNavigate]);
  useEffect(
    () => new BrowserNotifications(notifications, (target) => navigate.current(target)).start(),
    [notifications],
  );
}
