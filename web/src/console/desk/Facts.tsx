import type { ReactNode } from "react";

import "./Facts.css";

/** What is known of something, by name. */
export function Facts({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="hc-facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="hc-facts__row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
