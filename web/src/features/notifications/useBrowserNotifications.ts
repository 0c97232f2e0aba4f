import { useEffect, useRef } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { allowsAlert, whenKnown } from "../preferences";
import { closeShownNotifications, showNotification } from "../push";
import { useChatClient } from "../session";
import { bodyOf } from "./body";
import type { AlertSurroundings } from "./browserNotifications";
import type { Navigate } from "./target";

/** Browser notifications for as long as the view is there. */
export function useBrowserNotifications(onNavigate: Navigate): void {
  const { notifications } = useChatClient();
  const surroundings = useSurroundings(onNavigate);
  const newest = useRef(surroundings);
  useEffect(() => {
    newest.current = surroundings;
  });
  useEffect(() => {
    let end: (() => void) | undefined;
    let hasEnded = false;
    const { latest } = notifications.getSnapshot();
    // Only a hidden page needs it: the first load does without. Where it cannot be had, the next page tries again.
    import("./browserNotifications").then(
      ({ BrowserNotifications }) => {
        if (hasEnded) return;
        const alerts = new BrowserNotifications(notifications, latest, {
          onNavigate: (target) => newest.current.onNavigate(target),
          describe: (record) => newest.current.describe(record),
          show: (record, alert) => newest.current.show(record, alert),
          close: (id) => newest.current.close(id),
        });
        end = alerts.start();
      },
      () => undefined,
    );
    return () => {
      hasEnded = true;
      end?.();
    };
  }, [notifications]);
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
