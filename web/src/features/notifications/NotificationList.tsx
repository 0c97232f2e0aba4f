import type { ReactNode } from "react";

import { useBellTexts } from "../../lib/i18n/useBellTexts";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { isOfMessages } from "../../realtime/notificationList";
import type { NotificationsState } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { AlertIcon, BellIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { NotificationRow } from "./NotificationRow";
import { NotificationsSkeleton } from "./NotificationsSkeleton";
import type { Guide } from "./target";

interface NotificationListProps {
  readonly guide: Guide;
}

/** The inside of the bell's dialog. */
export function NotificationList({ guide }: NotificationListProps): ReactNode {
  const { t } = useBellTexts();
  const { notifications } = useChatClient();
  const { items: all, phase, hasOlder, isLoadingOlder } = useStore(notifications);
  const items = all.filter((record) => !isOfMessages(record));
  if (items.length === 0) return <Nothing phase={phase} onRetry={() => notifications.reload()} />;
  return (
    <>
      <ul className="hc-notifications__list">
        {items.map((notification) => (
          <li key={notification.id}>
            <NotificationRow notification={notification} guide={guide} />
          </li>
        ))}
      </ul>
      {hasOlder && (
        <div className="hc-notifications__older">
          <Button variant="quiet" aria-busy={isLoadingOlder} onClick={() => notifications.loadOlder()}>
            {t("bell.older")}
          </Button>
        </div>
      )}
    </>
  );
}

function Nothing({ phase, onRetry }: { readonly phase: NotificationsState["phase"]; onRetry(): void }): ReactNode {
  const { t } = useBellTexts();
  const { t: general } = useTranslation();
  if (phase === "loading") return <NotificationsSkeleton />;
  if (phase === "ready")
    return <EmptyState icon={<BellIcon size={26} />} title={t("bell.empty")} hint={t("bell.emptyHint")} />;
  return (
    <EmptyState
      tone="danger"
      icon={<AlertIcon size={26} />}
      title={t("bell.failed")}
      hint={t("bell.failedHint")}
      action={<Button onClick={onRetry}>{general("app.tryAgain")}</Button>}
    />
  );
}
