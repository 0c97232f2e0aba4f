import type { ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Boundary } from "../ui/Boundary";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { AlertIcon } from "../ui/icons";
import "./Part.css";

/** A fault in a part stays in its place: React would take the host's whole page away. */
export function PartBoundary({ children }: { readonly children: ReactNode }): ReactNode {
  return <Boundary failed={(retry) => <FailedPart onRetry={retry} />}>{children}</Boundary>;
}

function FailedPart({ onRetry }: { onRetry(): void }): ReactNode {
  const { t } = useTranslation();
  // The frame of the part may be what has failed.
  return (
    <div className="hc-root hc-part">
      <EmptyState
        tone="danger"
        icon={<AlertIcon size={26} />}
        title={t("app.failed")}
        action={<Button onClick={onRetry}>{t("app.tryAgain")}</Button>}
      />
    </div>
  );
}
