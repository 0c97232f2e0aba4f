import type { ReactNode } from "react";

/** Somebody's name. */
export function PersonLink({ person }: { readonly person: { readonly id: string; readonly name: string } }): ReactNode {
  return <bdi>{person.name}</bdi>;
}
