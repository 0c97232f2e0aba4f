import { useEffect } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStoreSelector } from "../../lib/useStore";
import { useChatClient } from "../session";

/**
 * The page's title: the conversation that is open, so that tabs and history tell one from another, and how many messages
 * are unread. The number goes onto the installed app's icon, too.
 */
export function useUnreadTitle(conversation: string | null): void {
  const { t } = useTranslation();
  const total = useStoreSelector(useChatClient().rooms, (state) => state.totalUnread);
  const place = conversation === null ? t("app.name") : t("app.titleOf", { name: conversation });
  const title = total > 0 ? t("app.titleUnread", { count: total, place }) : place;

  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => showAppBadge(total), [total]);
  useEffect(
    () => () => {
      document.title = t("app.name");
      showAppBadge(0);
    },
    [t],
  );
}

/** Browsers that have no badge, or refuse it outside an installed app, do without. */
function showAppBadge(count: number): void {
  if (!("setAppBadge" in navigator)) return;
  const shown = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  shown.catch(() => undefined);
}
