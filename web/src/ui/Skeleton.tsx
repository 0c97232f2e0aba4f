import type { ReactNode } from "react";

import { classNames } from "./classNames";
import "./Skeleton.css";

interface SkeletonProps {
  /** CSS lengths; numbers are pixels. */
  readonly width: number | string;
  readonly height: number | string;
  readonly circle?: boolean;
}

/** The grey shape of something that is still on its way. Its frame says so to screen readers. */
export function Skeleton({ width, height, circle = false }: SkeletonProps): ReactNode {
  return (
    <span
      className={classNames("hc-skeleton", circle && "hc-skeleton--circle")}
      style={{ width, height }}
      aria-hidden="true"
    />
  );
}
