import type { ReactNode } from "react";

import { formatFull, formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStoreSelector } from "../../lib/useStore";
import type { NotificationRecord } from "../../realtime/types";
import { classNames } from "../../ui/classNames";
import { useChatClient } from "../session";
import { bodyOf } from "./body";
import { NotificationIcon } from "./NotificationIcon";
import { roomOf } from "./target";

interface NotificationRowProps {
  readonly notification: NotificationRecord;
  onOpen(): void;
}

export function NotificationRow({ notification, onOpen }: NotificationRowProps): ReactNode {
  const { t, locale } = useTranslation();
  const now = useNow();
  const body = useBody(notification);
  const { title, type, createdAt, read } = notification;
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

function useBody(notification: NotificationRecord): string {
  const { t } = useTranslation();
  const roomId = roomOf(notification);
  const unreadCount = useStoreSelector(useChatClient().rooms, ({ rooms }) =>
    roomId === null ? 0 : (rooms.find(({ id }) => id === roomId)?.unreadCount ?? 0),
  );
  return bodyOf(notification, unreadCount, t);
}
