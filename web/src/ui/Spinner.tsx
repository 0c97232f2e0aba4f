import type { ReactNode } from "react";

import "./Spinner.css";

interface SpinnerProps {
  /** Diameter in pixels. */
  readonly size?: number;
  /** What is being waited for, for screen readers; without it the spinner is silent. */
  readonly label?: string;
}

export function Spinner({ size = 20, label }: SpinnerProps): ReactNode {
  const spoken = label === undefined ? { "aria-hidden": true } : { role: "status", "aria-label": label };
  return <span className="hc-spinner" style={{ width: size, height: size }} {...spoken} />;
}
