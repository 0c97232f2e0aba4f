/** How long a message may still become. */
import { clean } from "../../lib/text/cleaning";
import { countCharacters } from "../../lib/text/length";

/** The counter shows when fewer than these are left. */
const SHOWN_FROM = 100;

export type Limit =
  | { readonly kind: "empty" }
  | { readonly kind: "plenty" }
  | { readonly kind: "near"; readonly left: number }
  | { readonly kind: "over"; readonly by: number };

/** Where `text` stands, counted as the server does: when it is cleaned, by code points. */
export function measureLimit(text: string, maxChars: number): Limit {
  const shown = clean(text);
  if (shown === "") return { kind: "empty" };
  const left = maxChars - countCharacters(shown);
  if (left < 0) return { kind: "over", by: -left };
  return left <= SHOWN_FROM ? { kind: "near", left } : { kind: "plenty" };
}
