import { useState, type ReactNode } from "react";

import { formatBadge } from "../../lib/format/numbers";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStoreSelector } from "../../lib/useStore";
import { IconButton } from "../../ui/IconButton";
import { BellIcon } from "../../ui/icons";
import { usePreferencesDialog } from "../preferences";
import { useChatClient } from "../session";
import "./Bell.css";
import { NotificationsDialog } from "./NotificationsDialog";
import type { Guide } from "./target";

/** More would cover the bell. */
const MOST_SHOWN = 9;

/** The bell: how many notifications are unread, and the list of them behind it. */
export function Bell(guide: Guide): ReactNode {
  const { t, locale } = useTranslation();
  const { notifications } = useChatClient();
  const count = useStoreSelector(notifications, (state) => state.unreadCount);
  const [isOpen, setIsOpen] = useState(false);
  const preferences = usePreferencesDialog();
  const openPreferences = (): void => {
    setIsOpen(false);
    preferences.open();
  };
  return (
    <>
      <IconButton
        label={count > 0 ? t("bell.labelUnread", { count }) : t("bell.label")}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(true)}
      >
        <BellIcon />
        {count > 0 && <span className="hc-bell__count">{formatBadge(count, locale, MOST_SHOWN)}</span>}
      </IconButton>
      {isOpen && <NotificationsDialog guide={guide} onPreferences={openPreferences} onClose={() => setIsOpen(false)} />}
      {preferences.dialog}
    </>
  );
}
