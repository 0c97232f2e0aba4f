import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";

export const SECTIONS = ["reports", "people", "rooms", "notices", "audit", "health"] as const;
export type Section = (typeof SECTIONS)[number];

type Params = Readonly<Record<string, string | null>>;

/**
 * The address of a section, with what it is to show. Ids of the host's may hold anything, slashes and percent signs
 * included, so they go into the query, which has one way to be written.
 */
export function addressOf(section: Section, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== null && value !== "") query.set(name, value);
  const text = query.toString();
  return `/console/${section}${text && `?${text}`}`;
}

export interface Place {
  /** A parameter of the address; null where it is not given. */
  get(name: string): string | null;
  /** The address of the same section with some parameters changed; null takes one away. */
  with(changes: Params): string;
  go(changes: Params, options?: { readonly replace: boolean }): void;
}

/** Where in a section somebody is. */
export function usePlace(section: Section): Place {
  const search = useSearch();
  const [, navigate] = useLocation();
  return useMemo(() => {
    const params = new URLSearchParams(search);
    const change = (changes: Params): string => addressOf(section, { ...Object.fromEntries(params), ...changes });
    return {
      get: (name) => params.get(name),
      with: change,
      go: (changes, options) => navigate(change(changes), options),
    };
  }, [section, search, navigate]);
}
