/**
 * The marks in a message: characters that say how others are drawn. What is written is what is sent; nothing here changes
 * it. The server takes the same marks out of its previews (`src/hyred_chat/text/marks.py`), both are tried with
 * `tests/tables/marks.json`, and `tests/tables/README.md` has the rules.
 *
 * Time is linear in the length of the text, and nothing nests deeper than the marks there are: of each, at most one is
 * open at a time.
 */

/** How a span is drawn: a sum of these. Each mark has a bit of its own, so that one within another of its kind counts once. */
export const Style = {
  star: 1,
  underscore: 2,
  bold: 4,
  boldItalic: 8,
  strike: 16,
  code: 32,
  link: 64,
  /** The span is a mark itself: seen where one writes, and not where one reads. */
  mark: 128,
} as const;

export const ITALIC = Style.star | Style.underscore | Style.boldItalic;
export const BOLD = Style.bold | Style.boldItalic;

export interface Span {
  readonly text: string;
  readonly style: number;
  /** Of a link with a text of its own: the address as it was written. */
  readonly href?: string;
}

export interface Line {
  readonly kind: "text" | "bullet" | "number" | "fence" | "code";
  readonly isQuoted: boolean;
  /** Of a list's item: 0 to 2. */
  readonly depth: number;
  /** What stands before the spans and says what kind of line it is. */
  readonly prefix: string;
  /** The part of the prefix that is read, too: the number of an item, and the space behind it. */
  readonly label: string;
  readonly spans: readonly Span[];
}

const MAX_DEPTH = 2;
const TAB_COLUMNS = 4;

/** No message without one of these has marks that plain text is without. Almost every message ends here. */
const MARKS = /[*_~`[•]|^>|^[ \t]*-/m;
const INLINE_MARKS = /[*_~`[]/;

const FENCE_OPENS = /^```[\w+#.-]{0,20}[ \t]*$/;
const FENCE_CLOSES = /^```[ \t]*$/;
/** A quote's mark, and an item's. What has nothing but marks behind it is a rule between parts. */
const PREFIX = /^(>(?: (?=.*\S)|$))?(?:([ \t]*)([-*•]|\d{1,3}[.)])[ \t]+(?![ \t])(?=.*[^-*_•\s]))?/u;

/** Scripts that write no spaces between words, or write endings right behind them: there a mark may stand within. */
const UNSPACED = String.raw`\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uffdc\u{20000}-\u{3ffff}`;
const OUTSIDE_WORDS = String.raw`[${UNSPACED}]|(?![\p{L}\p{N}\p{M}])[^\x00-\x7f]`;
const BEGINS = String.raw`[-+]?[\p{L}\p{N}]|[$#@&%\x60]|(?!\s)[^\x00-\x7f]`;
/** What stands around marks that begin something, and around those that end it, with a star in the place of the marks. */
const OPENS = new RegExp(
  String.raw`^(?:(?:\s|${OUTSIDE_WORDS})\*(?:${BEGINS}|["'(\[{<])|[(\[{"']\*(?:${BEGINS}))`,
  "u",
);
const CLOSES = new RegExp(String.raw`^[^\s(\[{\\]\*(?:$|[\s.,:;!?)\]}"'-]|${OUTSIDE_WORDS})`, "u");
const CODE_OPENS = new RegExp(String.raw`^(?:${OUTSIDE_WORDS}|[^\p{L}\p{N}])\*\S`, "u");
const CODE_CLOSES = new RegExp(String.raw`^\S\*(?:$|${OUTSIDE_WORDS}|[^\p{L}\p{N}])`, "u");

/** What may be code, a link with a text, or an address, whose characters are no marks. */
const ATOM = /`+|\[|https?:\/\/|www\./giu;
const LINK =
  /\[(?=\S)([^[\]`\n]{1,500})\]\((https?:\/\/[^\s()<>]{1,2000}(?:\([^\s()<>]*\)[^\s()<>]*)*|mailto:[^\s()<>@]+@[^\s()<>@]+)\)/iuy;
/** The text of a link must not pass for an address itself. */
const FALSE_ADDRESS = /:\/\/|www\./i;
const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"`]*[^\s<>"`*_~.,:;!?)\]}'…»”’]/iuy;

const STYLE_OF: Readonly<Record<string, number>> = {
  "*": Style.star,
  "**": Style.bold,
  "***": Style.boldItalic,
  _: Style.underscore,
  "~~": Style.strike,
};
const MAX_TICKS = 3;

/** Whether anything in `text` may be a mark: what it is asked of before anything else is done. */
export function mayHaveMarks(text: string): boolean {
  return MARKS.test(text);
}

/** `text` line by line. Prefixes and spans, joined with line feeds between lines, are `text` again. */
export function parseMarks(text: string): readonly Line[] {
  const written = text.split("\n");
  const lastClose = written.findLastIndex((line) => FENCE_CLOSES.test(line));
  const lines: Line[] = [];
  for (let index = 0; index < written.length; index += 1) {
    const line = written[index] ?? "";
    // A block has at least one line, and an end.
    if (index >= lastClose - 1 || !FENCE_OPENS.test(line)) {
      lines.push(parseLine(line, lines.at(-1)));
      continue;
    }
    lines.push(lineOf("fence", line));
    for (index += 1; !FENCE_CLOSES.test(written[index] ?? ""); index += 1)
      lines.push(lineOf("code", written[index] ?? ""));
    lines.push(lineOf("fence", written[index] ?? ""));
  }
  return lines;
}

/** `text` as a notification or the list of conversations shows it: without marks, items with a bullet or their number. */
export function plainOf(text: string): string {
  if (!mayHaveMarks(text)) return text;
  const lines = parseMarks(text).filter(({ kind }) => kind !== "fence");
  const plain = lines.map(plainLine).join("\n");
  return /\S/.test(plain) ? plain : text;
}

/** A line as it is read. */
export function plainLine({ kind, label, spans }: Line): string {
  const read = spans.filter(({ style }) => (style & Style.mark) === 0).map((span) => span.text);
  return (kind === "bullet" ? "• " : label) + read.join("");
}

function lineOf(kind: "fence" | "code", text: string): Line {
  const style = kind === "fence" ? Style.mark : Style.code;
  return { kind, isQuoted: false, depth: 0, prefix: "", label: "", spans: text === "" ? [] : [{ text, style }] };
}

function parseLine(line: string, before: Line | undefined): Line {
  const [match = "", quote, indent = "", item] = PREFIX.exec(line) ?? [];
  // A lone mark continues a quote, and begins none.
  const isQuoted = quote === "> " || (quote === ">" && before?.isQuoted === true);
  const prefix = isQuoted || quote === undefined ? match : "";
  const isNumber = item !== undefined && /\d/.test(item);
  const columns = indent.replaceAll("\t", " ".repeat(TAB_COLUMNS)).length;
  const isList = before?.isQuoted === isQuoted && isItem(before);
  return {
    kind: item === undefined ? "text" : isNumber ? "number" : "bullet",
    isQuoted,
    depth: item === undefined ? 0 : Math.min(columns >> 1, isList ? before.depth + 1 : 0, MAX_DEPTH),
    prefix,
    label: isNumber ? match.slice(match.lastIndexOf(item)) : "",
    spans: parseInline(line.slice(prefix.length)),
  };
}

/** Whether a line is an item of a list. */
export function isItem({ kind }: Line): boolean {
  return kind === "bullet" || kind === "number";
}

/** Styles as they are found: where one begins or ends, its bit is flipped. */
class Flips {
  readonly hrefs = new Map<number, string>();
  readonly #flips: Uint8Array;

  constructor(readonly text: string) {
    this.#flips = new Uint8Array(text.length + 1);
  }

  add(start: number, end: number, style: number): void {
    for (const place of [start, end]) this.#flips[place] = (this.#flips[place] ?? 0) ^ style;
  }

  /** What stands between two marks is of that style. */
  enclose(start: number, end: number, marks: number, style: number): void {
    this.add(start, start + marks, Style.mark);
    this.add(start + marks, end - marks, style);
    this.add(end - marks, end, Style.mark);
  }

  spans(): readonly Span[] {
    const spans: Span[] = [];
    let [style, from] = [0, 0];
    let href: string | undefined;
    for (let place = 0; place <= this.text.length; place += 1) {
      const flip = this.#flips[place] ?? 0;
      if (flip === 0 && place < this.text.length) continue;
      if (place > from) {
        const text = this.text.slice(from, place);
        spans.push((style & Style.link) !== 0 && href !== undefined ? { text, style, href } : { text, style });
      }
      style ^= flip;
      from = place;
      href = this.hrefs.get(place) ?? href;
    }
    return spans;
  }
}

/** From where to where no mark of emphasis is looked for; ascending. */
type Solid = readonly (readonly [start: number, end: number])[];

function parseInline(text: string): readonly Span[] {
  if (!INLINE_MARKS.test(text)) return text === "" ? [] : [{ text, style: 0 }];
  const flips = new Flips(text);
  findEmphasis(flips, findAtoms(flips));
  return flips.spans();
}

function findAtoms(flips: Flips): Solid {
  const { text } = flips;
  const closers = new Closers(text);
  const solid: [number, number][] = [];
  let end = 0;
  for (const { index, 0: found } of text.matchAll(ATOM)) {
    if (index < end) continue;
    if (found.startsWith("`")) {
      const close = CODE_OPENS.test(around(text, index, index + found.length)) ? closers.next(index, found.length) : -1;
      end = close < 0 ? index + found.length : close + found.length;
      if (close >= 0) flips.enclose(index, end, found.length, Style.code);
      if (close >= 0) solid.push([index, end]);
    } else if (found === "[") {
      end = findLink(flips, index, solid);
    } else {
      ADDRESS.lastIndex = index;
      end = index + (ADDRESS.exec(text)?.[0] ?? found).length;
      solid.push([index, end]);
    }
  }
  return solid;
}

/** Where the link ends whose text begins at `start`; the next place, when there is none. */
function findLink(flips: Flips, start: number, solid: [number, number][]): number {
  LINK.lastIndex = start;
  const [match, label = "", href = ""] = LINK.exec(flips.text) ?? [];
  if (match === undefined || FALSE_ADDRESS.test(label)) return start + 1;
  const [from, to, end] = [start + 1, start + 1 + label.length, start + match.length];
  flips.add(start, from, Style.mark);
  flips.add(from, to, Style.link);
  flips.add(to, end, Style.mark);
  flips.hrefs.set(from, href);
  solid.push([start, from], [to, end]);
  return end;
}

/** The back-ticks that end code, by their number. Asked for ever later places. */
class Closers {
  readonly #places = new Map<number, number[]>();

  constructor(text: string) {
    for (const { index, 0: ticks } of text.matchAll(/`+/g)) {
      if (ticks.length > MAX_TICKS || !CODE_CLOSES.test(around(text, index, index + ticks.length))) continue;
      const places = this.#places.get(ticks.length) ?? [];
      places.push(index);
      this.#places.set(ticks.length, places);
    }
    for (const places of this.#places.values()) places.reverse();
  }

  /** The next after `start`, or -1. */
  next(start: number, ticks: number): number {
    const places = this.#places.get(ticks) ?? [];
    while (places.length > 0 && (places.at(-1) ?? 0) <= start) places.pop();
    return places.at(-1) ?? -1;
  }
}

interface Opened {
  readonly style: number;
  readonly at: number;
}

function findEmphasis(flips: Flips, solid: Solid): void {
  const { text } = flips;
  let opened: Opened[] = [];
  let passed = 0;
  for (const { index: start, 0: marks } of text.matchAll(/[*_~]+/g)) {
    while (passed < solid.length && (solid[passed]?.[1] ?? 0) <= start) passed += 1;
    if ((solid[passed]?.[0] ?? Infinity) <= start) continue;
    const context = around(text, start, start + marks.length);
    const [opens, closes] = [OPENS.test(context), CLOSES.test(context)];
    if (!opens && !closes) continue;
    for (const { index, 0: run } of marks.matchAll(/(.)\1*/g)) {
      const style = STYLE_OF[run];
      if (style === undefined) continue;
      const at = start + index;
      // What was opened later and is open still, stays as it was written.
      const found = closes ? opened.findIndex((other) => other.style === style && other.at < start) : -1;
      if (found >= 0) {
        flips.enclose(opened[found]?.at ?? 0, at + run.length, run.length, style);
        opened = opened.slice(0, found);
      } else if (opens) {
        opened = [...opened.filter((other) => other.style !== style), { style, at }];
      }
    }
  }
}

/**
 * What stands around marks: a character, or the end of the line before, a star in their place, and three units, enough
 * for a sign and a character.
 */
function around(text: string, start: number, end: number): string {
  const before = Array.from(text.slice(Math.max(start - 2, 0), start)).at(-1) ?? "\n";
  return `${before}*${text.slice(end, end + 3)}`;
}
