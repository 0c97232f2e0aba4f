import type { FocusEvent, ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { NotificationRecord } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { CloseIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { bodyOf } from "./body";
import { Lead } from "./Lead";
import { NotificationIcon } from "./NotificationIcon";
import { wayOf, type Guide, type Way } from "./target";
import "./ToastLines.css";
import { useToasts } from "./useToasts";

export interface ToastsProps extends Guide {
  readonly currentRoomId: string | null;
  /** The newest notification when the page began. */
  readonly heard: NotificationRecord | null;
}

/** The inside of `ToastRegion`. */
export function ToastLines({ currentRoomId, heard, ...guide }: ToastsProps): ReactNode {
  const { t } = useTranslation();
  const { notifications } = useChatClient();
  const toasts = useToasts(currentRoomId, heard);
  const shown = useStore(toasts.state);

  const read = ({ id }: NotificationRecord): void => {
    notifications.markRead(id);
    toasts.dismiss(id);
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
          way={wayOf(notification, guide)}
          onFollow={() => read(notification)}
          onDismiss={() => toasts.dismiss(notification.id)}
        />
      ))}
    </section>
  );
}

interface ToastProps {
  readonly notification: NotificationRecord;
  readonly way: Way | null;
  onFollow(): void;
  onDismiss(): void;
}

function Toast({ notification, way, onFollow, onDismiss }: ToastProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-toast">
      <Lead className="hc-toast__open" {...{ way, onFollow }}>
        <NotificationIcon type={notification.type} />
        <span className="hc-toast__words">
          <bdi className="hc-toast__title hc-truncate">{notification.title}</bdi>
          <span className="hc-toast__body" dir="auto">
            {bodyOf(notification, t)}
          </span>
        </span>
      </Lead>
      <IconButton label={t("toast.dismiss")} className="hc-toast__dismiss" onClick={onDismiss}>
        <CloseIcon size={16} />
      </IconButton>
    </div>
  );
}
