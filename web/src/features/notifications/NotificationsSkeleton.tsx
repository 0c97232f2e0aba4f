import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Skeleton } from "../../ui/Skeleton";

export function NotificationsSkeleton(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-notifications__list" role="status" aria-label={t("bell.loading")}>
      {[0, 1, 2].map((row) => (
        <div key={row} className="hc-notification">
          <Skeleton circle width={36} height={36} />
          <span className="hc-notification__words hc-notifications__waiting">
            <Skeleton width="50%" height={13} />
            <Skeleton width="80%" height={12} />
          </span>
        </div>
      ))}
    </div>
  );
}
