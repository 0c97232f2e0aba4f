import { useEffect } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStoreSelector } from "../../lib/useStore";
import { useChatClient } from "../session";

/** Puts the number of unread messages into the page's title and onto the installed app's icon. */
export function useUnreadTitle(): void {
  const { t } = useTranslation();
  const total = useStoreSelector(useChatClient().rooms, (state) => state.totalUnread);
  const title = total > 0 ? t("app.titleUnread", { count: total }) : t("app.name");

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
