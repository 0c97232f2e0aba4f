import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Skeleton } from "../../ui/Skeleton";
import "./Preferences.css";

const rows = [0, 1, 2, 3, 4];

export function PreferencesSkeleton(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-preferences" role="status" aria-label={t("preferences.loading")}>
      {rows.map((row) => (
        <div key={row} className="hc-preferences__waiting">
          <Skeleton width={`${52 - row * 5}%`} height={14} />
          <Skeleton width={40} height={24} />
        </div>
      ))}
    </div>
  );
}
