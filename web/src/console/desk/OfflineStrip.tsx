import { useSyncExternalStore, type ReactNode } from "react";

import { Banner } from "../../ui/Banner";
import { OfflineIcon } from "../../ui/icons";
import { useConsoleTexts } from "../useConsoleTexts";

function subscribe(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** Says that the device has no network: what is on the screen stays, and nothing can be decided. */
export function OfflineStrip(): ReactNode {
  const { t } = useConsoleTexts();
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!isOnline && (
        <Banner tone="warning" icon={<OfflineIcon size={18} />}>
          {t("console.offline")}
        </Banner>
      )}
    </div>
  );
}
