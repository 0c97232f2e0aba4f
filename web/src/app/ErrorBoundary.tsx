import { Component, type ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { AlertIcon } from "../ui/icons";

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** A fault in a view ends in a sentence and a way on, not in an empty page. React has this for classes only. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <FailedPage /> : this.props.children;
  }
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
