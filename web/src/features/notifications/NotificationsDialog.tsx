import { Suspense, useEffect, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStoreSelector } from "../../lib/useStore";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { IconButton } from "../../ui/IconButton";
import { SettingsIcon } from "../../ui/icons";
import { lazyPart } from "../../ui/lazyPart";
import { useChatClient } from "../session";
import { NotificationsSkeleton } from "./NotificationsSkeleton";
import type { Guide } from "./target";

const NotificationList = lazyPart(async () => (await import("./NotificationList")).NotificationList);

interface NotificationsDialogProps {
  readonly guide: Guide;
  onPreferences(): void;
  onClose(): void;
}

/** What has arrived, newest first; a click leads to what it tells of. */
export function NotificationsDialog({ guide, onPreferences, onClose }: NotificationsDialogProps): ReactNode {
  const { t } = useTranslation();
  const { notifications } = useChatClient();
  const hasUnread = useStoreSelector(notifications, ({ unreadCount }) => unreadCount > 0);
  useEffect(() => {
    // Whoever looks asks for it.
    if (notifications.getSnapshot().phase === "failed") notifications.reload();
  }, [notifications]);

  const closing: Guide = {
    ...guide,
    onNavigate: (target) => {
      onClose();
      guide.onNavigate(target);
    },
  };
  const actions = (
    <>
      {hasUnread && (
        <Button variant="quiet" size="small" onClick={() => notifications.markAllRead()}>
          {t("bell.markAllRead")}
        </Button>
      )}
      <IconButton label={t("preferences.title")} aria-haspopup="dialog" onClick={onPreferences}>
        <SettingsIcon />
      </IconButton>
    </>
  );

  return (
    <Dialog title={t("bell.label")} closeLabel={t("app.close")} placement="panel" actions={actions} onClose={onClose}>
      <div className="hc-notifications">
        <Suspense fallback={<NotificationsSkeleton />}>
          <NotificationList guide={closing} />
        </Suspense>
      </div>
    </Dialog>
  );
}
