import type { ReactNode } from "react";

import { classNames } from "./classNames";
import "./EmptyState.css";

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
  readonly tone?: "neutral" | "danger";
}

/** What a pane shows when there is nothing to show, or when it failed. */
export function EmptyState({ icon, title, hint, action, tone = "neutral" }: EmptyStateProps): ReactNode {
  return (
    <div className="hc-empty" role={tone === "danger" ? "alert" : undefined}>
      <div className={classNames("hc-empty__icon", tone === "danger" && "hc-empty__icon--danger")}>{icon}</div>
      <p className="hc-empty__title">{title}</p>
      {hint !== undefined && <p className="hc-empty__hint">{hint}</p>}
      {action !== undefined && <div className="hc-empty__action">{action}</div>}
    </div>
  );
}
