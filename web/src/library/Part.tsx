import type { ReactNode } from "react";

import "./Part.css";
import { PartBoundary } from "./PartBoundary";

/** The frame of a part on a host's page: inside it the design's styles hold, and outside they touch nothing. */
export function Part({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className={`hc-root hc-part hc-part--${name}`}>
      <PartBoundary>{children}</PartBoundary>
    </div>
  );
}
