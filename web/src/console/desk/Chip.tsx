import type { ReactNode } from "react";

import { classNames } from "../../ui/classNames";
import "./Chip.css";

interface ChipProps {
  readonly tone?: "neutral" | "accent" | "warning" | "danger";
  readonly children: ReactNode;
}

/** A state in a word. */
export function Chip({ tone = "neutral", children }: ChipProps): ReactNode {
  return <span className={classNames("hc-chip", `hc-chip--${tone}`)}>{children}</span>;
}
