import type { ReactNode } from "react";

import { formatFull, formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useBellTexts } from "../../lib/i18n/useBellTexts";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { NotificationRecord } from "../../realtime/types";
import { classNames } from "../../ui/classNames";
import { IconButton } from "../../ui/IconButton";
import { useChatClient } from "../session";
import { bodyOf } from "./body";
import { Lead } from "./Lead";
import { NotificationIcon } from "./NotificationIcon";
import { wayOf, type Guide } from "./target";

interface NotificationRowProps {
  readonly notification: NotificationRecord;
  readonly guide: Guide;
}

/** One notification of the bell's list. What leads nowhere is marked read by a button of its own. */
export function NotificationRow({ notification, guide }: NotificationRowProps): ReactNode {
  const { t, locale } = useTranslation();
  const { notifications } = useChatClient();
  const now = useNow();
  const { title, type, createdAt, read } = notification;
  const way = wayOf(notification, guide);
  const markRead = (): void => notifications.markRead(notification.id);
  return (
    <Lead way={way} className={classNames("hc-notification", !read && "hc-notification--unread")} onFollow={markRead}>
      <NotificationIcon type={type} />
      <span className="hc-notification__words">
        <span className="hc-notification__line">
          <bdi className="hc-notification__title hc-truncate">{title}</bdi>
          <time className="hc-notification__time" dateTime={createdAt} title={formatFull(createdAt, locale)}>
            {formatShort(createdAt, now, { locale, t })}
          </time>
        </span>
        <span className="hc-notification__body">{bodyOf(notification, t)}</span>
      </span>
      {!read && <Unread onRead={way === null ? markRead : null} />}
    </Lead>
  );
}

/** The mark of an unread one; a button where nothing else reads it. */
function Unread({ onRead }: { readonly onRead: (() => void) | null }): ReactNode {
  const { t } = useBellTexts();
  const dot = <span className="hc-notification__dot" aria-hidden="true" />;
  if (onRead !== null) {
    return (
      <IconButton label={t("bell.markRead")} className="hc-notification__read" onClick={onRead}>
        {dot}
      </IconButton>
    );
  }
  return (
    <>
      <span className="hc-hidden">{t("bell.unreadItem")}</span>
      {dot}
    </>
  );
}
