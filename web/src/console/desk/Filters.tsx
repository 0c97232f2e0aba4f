import type { ReactNode } from "react";
import { Link } from "wouter";

import "./Filters.css";

interface FiltersProps {
  readonly label: string;
  readonly choices: readonly { readonly label: string; readonly href: string; readonly isChosen: boolean }[];
}

/** Which part of a list is shown. Each choice is an address, so it can be kept and sent. */
export function Filters({ label, choices }: FiltersProps): ReactNode {
  return (
    <nav className="hc-filters" aria-label={label}>
      {choices.map(({ label: name, href, isChosen }) => (
        <Link key={href} href={href} className="hc-filters__choice" aria-current={isChosen ? "true" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
