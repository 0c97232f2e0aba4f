import type { ReactNode } from "react";

import "./Banner.css";
import { classNames } from "./classNames";

interface BannerProps {
  readonly tone?: "neutral" | "warning" | "success" | "danger";
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  /** A button at the end. */
  readonly action?: ReactNode;
}

/** One quiet line across a pane. Its frame is the live region, which must stand in the page before the text changes. */
export function Banner({ tone = "neutral", icon, children, action }: BannerProps): ReactNode {
  return (
    <div className={classNames("hc-banner", `hc-banner--${tone}`)}>
      {icon}
      <span>{children}</span>
      {action}
    </div>
  );
}
