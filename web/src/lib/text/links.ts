/** Finds the addresses in a message's text, so that a view can draw them as links and the rest as plain text. */

export type TextSegment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/**
 * What may begin an address, and what may follow. An address ends at white space, quotes and angle brackets, at the
 * punctuation of Chinese and Japanese, and at invisible characters that could make it look like another one.
 * It does not begin in the middle of a word or of another address.
 */
const ADDRESS =
  /(?<![\w@:/.=&?#%~+-])(?:https?:\/\/|www\.|mailto:)[^\s<>"`\\^{|}\p{Cc}\p{Cf}\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u300a-\u3011“”«»]+/giu;

const TRAILING_PUNCTUATION = new Set([".", ",", ";", ":", "!", "?", "'", "’", "…", "*", "_", "~"]);
const OPENING_OF: Readonly<Record<string, string>> = { ")": "(", "]": "[" };
const WEB_PROTOCOLS = new Set(["http:", "https:"]);

/** Splits `text` into plain stretches and links; joined, their texts are `text` again. */
export function splitLinks(text: string): readonly TextSegment[] {
  const segments: TextSegment[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimTrailing(match[0]);
    const href = findHref(address);
    if (href === null) continue;
    if (match.index > end) segments.push({ kind: "text", text: text.slice(end, match.index) });
    segments.push({ kind: "link", text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) segments.push({ kind: "text", text: text.slice(end) });
  return segments;
}

/** The address to open for what a person wrote or a message's metadata names; null when it is none that is safe to open. */
export function findHref(address: string): string | null {
  const url = parseUrl(/^www\./i.test(address) ? `https://${address}` : address);
  if (url === null) return null;
  if (url.protocol === "mailto:") return /^[^@\s]+@[^@\s]+$/.test(url.pathname) ? url.href : null;
  if (!WEB_PROTOCOLS.has(url.protocol)) return null;
  // https://bank.example@evil.example goes to evil.example: nobody writes such an address in good faith.
  if (url.username !== "" || url.password !== "") return null;
  return /^www\./i.test(address) && !/^www\.[^.]+\.[^.]/i.test(url.hostname) ? null : url.href;
}

/** Like `findHref`, for pictures and files: only from the web. */
export function findWebHref(address: unknown): string | null {
  if (typeof address !== "string" || !/^https?:\/\//i.test(address)) return null;
  return findHref(address);
}

function parseUrl(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** Leaves out the punctuation of the sentence around an address, and closing brackets that were opened before it. */
function trimTrailing(address: string): string {
  const counts = countBrackets(address);
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    const opening = OPENING_OF[last];
    if (opening === undefined && !TRAILING_PUNCTUATION.has(last)) break;
    if (opening === undefined) continue;
    const closed = counts.get(last) ?? 0;
    if (closed <= (counts.get(opening) ?? 0)) break;
    counts.set(last, closed - 1);
  }
  return address.slice(0, end);
}

function countBrackets(address: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of address) {
    if ("()[]".includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return counts;
}
