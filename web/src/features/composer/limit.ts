/** How long a message may still become. */
import { countCharacters } from "../../lib/text/length";

/** The counter shows when fewer than these are left. */
const SHOWN_FROM = 100;

export type Limit =
  | { readonly kind: "empty" }
  | { readonly kind: "plenty" }
  | { readonly kind: "near"; readonly left: number }
  | { readonly kind: "over"; readonly by: number };

/** Where `text` stands, counted as the server does: without the white space around it, by code points. */
export function measureLimit(text: string, maxChars: number): Limit {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  const left = maxChars - countCharacters(trimmed);
  if (left < 0) return { kind: "over", by: -left };
  return left <= SHOWN_FROM ? { kind: "near", left } : { kind: "plenty" };
}
