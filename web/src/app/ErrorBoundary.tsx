import type { ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Boundary } from "../ui/Boundary";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { AlertIcon } from "../ui/icons";

/** A fault in a view ends in a sentence and a way on, not in an empty page. */
export function ErrorBoundary({ children }: { readonly children: ReactNode }): ReactNode {
  return <Boundary failed={() => <FailedPage />}>{children}</Boundary>;
}

function FailedPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <main className="hc-page">
      <EmptyState
        isPage
        tone="danger"
        icon={<AlertIcon size={26} />}
        title={t("app.failed")}
        hint={t("app.failedHint")}
        action={<Button onClick={() => location.reload()}>{t("app.reload")}</Button>}
      />
    </main>
  );
}
