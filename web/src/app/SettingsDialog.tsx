import { Suspense, type ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Dialog } from "../ui/Dialog";
import { lazyPart } from "../ui/lazyPart";
import { Skeleton } from "../ui/Skeleton";

// As with preferences: nobody waits for it on the first load.
const Settings = lazyPart(async () => (await import("./Settings")).Settings);

/** How the app looks and speaks on this device. */
export function SettingsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog title={t("settings.title")} closeLabel={t("app.close")} onClose={onClose}>
      <Suspense fallback={<Skeleton width="100%" height={280} />}>
        <Settings />
      </Suspense>
    </Dialog>
  );
}
