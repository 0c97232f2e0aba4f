import type { ReactNode } from "react";

import { formatFull, formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { NotificationRecord } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { classNames } from "../../ui/classNames";
import { Dialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/EmptyState";
import { BellIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { NotificationIcon } from "./NotificationIcon";
import { targetOf, type Navigate } from "./target";

interface NotificationsDialogProps {
  readonly onNavigate: Navigate;
  onClose(): void;
}

/** What has arrived, newest first; a click leads to what it tells of. */
export function NotificationsDialog({ onNavigate, onClose }: NotificationsDialogProps): ReactNode {
  const { t } = useTranslation();
  const { notifications } = useChatClient();
  const { items, unreadCount } = useStore(notifications);

  const open = (notification: NotificationRecord): void => {
    notifications.markRead(notification.id);
    const target = targetOf(notification);
    if (target === null) return;
    onClose();
    onNavigate(target);
  };
  const markAll = unreadCount > 0 && (
    <Button variant="quiet" size="small" onClick={() => notifications.markAllRead()}>
      {t("bell.markAllRead")}
    </Button>
  );

  return (
    <Dialog title={t("bell.label")} closeLabel={t("app.close")} placement="panel" actions={markAll} onClose={onClose}>
      <div className="hc-notifications">
        {items.length === 0 ? (
          <EmptyState icon={<BellIcon size={26} />} title={t("bell.empty")} hint={t("bell.emptyHint")} />
        ) : (
          <ul className="hc-notifications__list">
            {items.map((notification) => (
              <li key={notification.id}>
                <NotificationRow notification={notification} onOpen={() => open(notification)} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

interface NotificationRowProps {
  readonly notification: NotificationRecord;
  onOpen(): void;
}

function NotificationRow({ notification, onOpen }: NotificationRowProps): ReactNode {
  const { t, locale } = useTranslation();
  const now = useNow();
  const { title, body, type, createdAt, read } = notification;
  return (
    <button
      type="button"
      className={classNames("hc-notification", !read && "hc-notification--unread")}
      onClick={onOpen}
    >
      <NotificationIcon type={type} />
      <span className="hc-notification__words">
        <span className="hc-notification__line">
          <span className="hc-notification__title hc-truncate">{title}</span>
          <time className="hc-notification__time" dateTime={createdAt} title={formatFull(createdAt, locale)}>
            {formatShort(createdAt, now, { locale, t })}
          </time>
        </span>
        <span className="hc-notification__body">{body}</span>
      </span>
      {!read && (
        <>
          <span className="hc-hidden">{t("bell.unreadItem")}</span>
          <span className="hc-notification__dot" aria-hidden="true" />
        </>
      )}
    </button>
  );
}
