import { useEffect, useRef } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { allowsAlert, usePreferences } from "../preferences";
import { closeShownNotifications, showNotification } from "../push";
import { useChatClient } from "../session";
import { bodyOf } from "./body";
import { BrowserNotifications, type AlertSurroundings } from "./browserNotifications";
import type { Navigate } from "./target";

/** Browser notifications for as long as the view is there. */
export function useBrowserNotifications(onNavigate: Navigate): void {
  const { notifications } = useChatClient();
  const surroundings = useSurroundings(onNavigate);
  const newest = useRef(surroundings);
  useEffect(() => {
    newest.current = surroundings;
  });
  useEffect(
    () =>
      new BrowserNotifications(notifications, {
        onNavigate: (target) => newest.current.onNavigate(target),
        describe: (record) => newest.current.describe(record),
        show: (record, alert) => newest.current.show(record, alert),
        close: (id) => newest.current.close(id),
      }).start(),
    [notifications],
  );
}

function useSurroundings(onNavigate: Navigate): AlertSurroundings {
  const { t, locale } = useTranslation();
  const userId = useStore(useChatClient().me)?.id ?? null;
  const { preferences } = usePreferences();
  return {
    onNavigate,
    describe: (record) => {
      if (!allowsAlert(preferences, record, Date.now())) return null;
      if (preferences?.preview !== false) return { title: record.title, body: bodyOf(record, t) };
      return { title: t("bell.hiddenTitle"), body: t("bell.hiddenBody") };
    },
    show: ({ id, data }, { title, body }) => {
      const content = { tag: id, body, data: { ...data, notificationId: id, userId }, locale, renotify: false };
      return showNotification(title, content);
    },
    close: (id) => void closeShownNotifications(new Set([id])),
  };
}
