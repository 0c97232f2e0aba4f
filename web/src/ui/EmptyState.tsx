import { useRef, type ReactNode } from "react";

import { classNames } from "./classNames";
import "./EmptyState.css";
import { useScrollFocus } from "./useScrollFocus";

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
  readonly tone?: "neutral" | "danger";
  /** All that the page shows: its title is the page's heading. */
  readonly isPage?: boolean;
}

/** What a pane shows when there is nothing to show, or when it failed. */
export function EmptyState({ icon, title, hint, action, tone = "neutral", isPage }: EmptyStateProps): ReactNode {
  const Title = isPage === true ? "h1" : "p";
  const box = useRef<HTMLDivElement>(null);
  useScrollFocus(box);
  return (
    <div ref={box} className="hc-empty" role={tone === "danger" ? "alert" : undefined}>
      <div className={classNames("hc-empty__icon", tone === "danger" && "hc-empty__icon--danger")}>{icon}</div>
      <Title className="hc-empty__title">{title}</Title>
      {hint !== undefined && <p className="hc-empty__hint">{hint}</p>}
      {action !== undefined && <div className="hc-empty__action">{action}</div>}
    </div>
  );
}
