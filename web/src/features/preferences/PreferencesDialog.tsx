import { Suspense, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Dialog } from "../../ui/Dialog";
import { lazyPart } from "../../ui/lazyPart";
import { PreferencesSkeleton } from "./PreferencesSkeleton";

// Few people open it, and seldom: nobody waits for it on the first load.
const Preferences = lazyPart(async () => (await import("./Preferences")).Preferences);

/** What somebody wants to be told of, and how. */
export function PreferencesDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog title={t("preferences.title")} closeLabel={t("app.close")} onClose={onClose}>
      <Suspense fallback={<PreferencesSkeleton />}>
        <Preferences />
      </Suspense>
    </Dialog>
  );
}
