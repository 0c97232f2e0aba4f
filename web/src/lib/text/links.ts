/** Finds the addresses in a message's text, so that a view can draw them as links and the rest as plain text. */

export type TextSegment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** What ends an address: white space, quotes, angle brackets, the punctuation of Chinese and Japanese, and what is not seen. */
const END = String.raw`\s<>"\x60\\\p{Cc}\p{Cf}\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u300a-\u3011“”„‟«»`;
/** Within the path of an address, what joins letters and emoji, and spells out a flag, belongs to it. */
const JOINED = String.raw`[\u200c\u200d]|\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f}`;
/** In a row of addresses without spaces, the next one. Behind anything else, an address is a part of the one around it. */
const NEXT = String.raw`[,;|]+(?:https?:\/\/|www\.)`;
const REST = String.raw`(?:[/?#](?:${JOINED}|(?!${NEXT})[^${END}])*)?`;
const HOST = String.raw`(?:\[[0-9a-f:.]+\]|(?!https?:\/\/)[^${END}/?#[\]{}|^])(?:(?!${NEXT})[^${END}/?#{}|^])*`;
/** Schemes that run or hide something. What follows one of them is left alone. */
const UNSAFE = "javascript|vbscript|data|blob|filesystem|view-source|file|about|intent|jar";

const WEB = String.raw`(?<![a-z0-9]|\b(?:${UNSAFE}):)https?:\/\/${HOST}${REST}`;
const BARE = String.raw`(?<![a-z0-9@]|[a-z0-9]-|\b(?:${UNSAFE}):)www\.${HOST}${REST}`;
const MAILTO = String.raw`(?<![\w@:/.=&?#%~+-])mailto:[^${END}]+`;
const E_MAIL = String.raw`(?<![\p{L}\p{N}@/]|[\p{L}\p{N}][.+%'_-]|\b(?:${UNSAFE}):)[\p{L}\p{N}][\p{L}\p{N}\p{M}_%+'.-]{0,63}(?<!\.)@(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}-]{0,62}\.){1,8}\p{L}[\p{L}\p{M}]{1,62}(?![\p{L}\p{N}@-])`;
/** In the international form, or as North Americans write theirs. Other rows of digits may be anything. */
const SPACE = String.raw`[ \u00a0\u2009\u202f]`;
const TELEPHONE = String.raw`(?<![\p{L}\p{N}_+/=.-])(?:\+${SPACE}?\(?\d(?:(?:${SPACE}|[-\u2010\u2011./]|\)${SPACE}?|${SPACE}?\()?\d){7,14}|(?:1[-.]|1${SPACE})?(?:\(\d{3}\)${SPACE}?|\d{3}[-.])\d{3}[-.]\d{4})(?![\p{L}\p{N}]|[-.,/]\d)`;

const ADDRESS = new RegExp([WEB, BARE, MAILTO, E_MAIL, TELEPHONE].join("|"), "giu");

/** What may stand at the end of an address and does not belong to it, but for what addresses may well end with. */
// eslint-disable-next-line no-misleading-character-class -- a joiner may be left over
const TRAILING = /[\p{Po}\p{Pi}\p{Pf}_~|^\u200c\u200d\u2010-\u2015]/u;
const MAY_END = new Set("/#%&@\\·");
const OPENING_OF: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
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
  if (/^[\d+(]/.test(address)) return `tel:${address.replace(/[^\d+]/g, "")}`;
  const isBare = /^www\./i.test(address);
  if (!isBare && !/^[a-z]+:/i.test(address)) return findHref(`mailto:${address}`);
  const url = parseUrl(isBare ? `https://${address}` : address);
  if (url === null) return null;
  if (url.protocol === "mailto:") return /^[^@\s]+@[^@\s]+$/.test(url.pathname) ? url.href : null;
  if (!WEB_PROTOCOLS.has(url.protocol)) return null;
  // https://bank.example@evil.example goes to evil.example: nobody writes such an address in good faith.
  if (url.username !== "" || url.password !== "") return null;
  return isBare && !/^www\.[^.]+\.[^.]/i.test(url.hostname) ? null : url.href;
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
    if (opening === undefined && (!TRAILING.test(last) || MAY_END.has(last))) break;
    if (opening === undefined) continue;
    const closed = counts.get(last) ?? 0;
    if (closed <= (counts.get(opening) ?? 0)) break;
    counts.set(last, closed - 1);
  }
  return trimPictures(address.slice(0, end));
}

/** A picture right behind a host without a path is the sentence's: no host ends with one. */
function trimPictures(address: string): string {
  return /^https?:\/\/[^/?#]*$|^www\.[^/?#]*$/i.test(address)
    ? address.replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]{1,64}$/u, "")
    : address;
}

function countBrackets(address: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of address) {
    if ("()[]{}".includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return counts;
}
