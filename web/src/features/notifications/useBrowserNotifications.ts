import { useEffect, useMemo, useRef } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { createLater } from "../../lib/useLater";
import { useStore } from "../../lib/useStore";
import { allowsAlert, whenKnown } from "../preferences";
import { closeShownNotifications, showNotification } from "../push";
import { useChatClient } from "../session";
import { bodyOf } from "./body";
import type { AlertSurroundings } from "./browserNotifications";
import type { Navigate } from "./target";

/** Only a hidden page needs it: the first load does without. */
const useAlerts = createLater(async () => (await import("./browserNotifications")).BrowserNotifications).use;

/** Browser notifications for as long as the view is there. */
export function useBrowserNotifications(onNavigate: Navigate): void {
  const { notifications } = useChatClient();
  const surroundings = useSurroundings(onNavigate);
  const newest = useRef(surroundings);
  useEffect(() => {
    newest.current = surroundings;
  });
  const heard = useMemo(() => notifications.getSnapshot().latest, [notifications]);
  const { parts: BrowserNotifications } = useAlerts(true);
  useEffect(() => {
    if (BrowserNotifications === null) return;
    const alerts = new BrowserNotifications(notifications, heard, {
      onNavigate: (target) => newest.current.onNavigate(target),
      describe: (record) => newest.current.describe(record),
      show: (record, alert) => newest.current.show(record, alert),
      close: (id) => newest.current.close(id),
    });
    return alerts.start();
  }, [notifications, heard, BrowserNotifications]);
}

function useSurroundings(onNavigate: Navigate): AlertSurroundings {
  const { t, locale } = useTranslation();
  const { me, preferences } = useChatClient();
  const userId = useStore(me)?.id ?? null;
  return {
    onNavigate,
    describe: async (record) => {
      const known = await whenKnown(preferences);
      if (!allowsAlert(known, record, Date.now())) return null;
      if (known?.preview !== false) return { title: record.title, body: bodyOf(record, t) };
      return { title: t("bell.hiddenTitle"), body: t("bell.hiddenBody") };
    },
    show: ({ id, data }, { title, body }) => {
      const content = { tag: id, body, data: { ...data, notificationId: id, userId }, locale, renotify: false };
      return showNotification(title, content);
    },
    close: (id) => void closeShownNotifications(new Set([id])),
  };
}
