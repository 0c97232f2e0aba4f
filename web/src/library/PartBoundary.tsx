import { Component, type ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { AlertIcon } from "../ui/icons";
import "./Part.css";

interface PartBoundaryProps {
  readonly children: ReactNode;
}

/** A fault in a part stays in its place: React would take the host's whole page away. It has this for classes only. */
export class PartBoundary extends Component<PartBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return <FailedPart onRetry={() => this.setState({ hasFailed: false })} />;
  }
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
