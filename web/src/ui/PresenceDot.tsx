import type { ReactNode } from "react";

import { classNames } from "./classNames";
import "./PresenceDot.css";

export type PresenceStatus = "online" | "away" | "busy" | "offline";

interface PresenceDotProps {
  readonly status: PresenceStatus;
  /** Diameter in pixels, its ring included. */
  readonly size?: number;
  /** Says it to screen readers; without it the dot is silent, for places where words say the same. */
  readonly label?: string;
  readonly className?: string;
}

export function PresenceDot({ status, size = 12, label, className }: PresenceDotProps): ReactNode {
  const names = classNames("hc-presence", `hc-presence--${status}`, className);
  const spoken = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return <span className={names} style={{ width: size, height: size }} {...spoken} />;
}
