import type { FocusEvent, ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { NotificationRecord } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { CloseIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { NotificationIcon } from "./NotificationIcon";
import { targetOf, type Navigate } from "./target";
import "./ToastRegion.css";
import { useToasts } from "./useToasts";

interface ToastRegionProps {
  readonly currentRoomId: string | null;
  readonly onNavigate: Navigate;
}

/** Where new notifications appear, and go by themselves when nobody reads them. */
export function ToastRegion({ currentRoomId, onNavigate }: ToastRegionProps): ReactNode {
  const { t } = useTranslation();
  const { notifications } = useChatClient();
  const toasts = useToasts(currentRoomId);
  const shown = useStore(toasts.state);

  const open = (notification: NotificationRecord): void => {
    const target = targetOf(notification);
    notifications.markRead(notification.id);
    toasts.dismiss(notification.id);
    if (target !== null) onNavigate(target);
  };
  const leave = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) toasts.release();
  };

  return (
    <section
      className="hc-toasts"
      aria-label={t("toast.region")}
      aria-live="polite"
      onPointerEnter={() => toasts.hold()}
      onPointerLeave={() => toasts.release()}
      onFocus={() => toasts.hold()}
      onBlur={leave}
    >
      {shown.map((notification) => (
        <Toast
          key={notification.id}
          notification={notification}
          onOpen={() => open(notification)}
          onDismiss={() => toasts.dismiss(notification.id)}
        />
      ))}
    </section>
  );
}

interface ToastProps {
  readonly notification: NotificationRecord;
  onOpen(): void;
  onDismiss(): void;
}

function Toast({ notification, onOpen, onDismiss }: ToastProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-toast">
      <button type="button" className="hc-toast__open" onClick={onOpen}>
        <NotificationIcon type={notification.type} />
        <span className="hc-toast__words">
          <span className="hc-toast__title hc-truncate">{notification.title}</span>
          <span className="hc-toast__body">{notification.body}</span>
        </span>
      </button>
      <IconButton label={t("toast.dismiss")} className="hc-toast__dismiss" onClick={onDismiss}>
        <CloseIcon size={16} />
      </IconButton>
    </div>
  );
}
