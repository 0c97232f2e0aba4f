import type { ReactNode } from "react";
import { Link } from "wouter";

import { addressOf } from "../places";

/** Somebody's name, which leads to them. */
export function PersonLink({ person }: { readonly person: { readonly id: string; readonly name: string } }): ReactNode {
  return (
    <Link href={addressOf("people", { id: person.id })} className="hc-link">
      <bdi>{person.name}</bdi>
    </Link>
  );
}
