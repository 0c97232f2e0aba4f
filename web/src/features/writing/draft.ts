/** What the tools of the composer make of a draft: pure functions from one to the next. */
import { isItem, parseMarks, Style, type Line } from "../../lib/text/marks";

/** A text, and what is selected in it; a caret where both ends are one. UTF-16 units. */
export interface Draft {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type Emphasis = "bold" | "italic" | "strike" | "code";
export type LineKind = "bullets" | "numbers" | "quote";

interface Way {
  readonly mark: string;
  /** Each of the styles that are this emphasis, and what is left of a mark when it goes. */
  readonly styles: readonly (readonly [style: number, rest: string])[];
}

const WAYS: Readonly<Record<Emphasis, Way>> = {
  bold: {
    mark: "**",
    styles: [
      [Style.bold, ""],
      [Style.boldItalic, "*"],
    ],
  },
  // An underscore beside the stars of bold stays readable, and may be taken away again by itself.
  italic: {
    mark: "_",
    styles: [
      [Style.underscore, ""],
      [Style.star, ""],
      [Style.boldItalic, "**"],
    ],
  },
  strike: { mark: "~~", styles: [[Style.strike, ""]] },
  code: { mark: "`", styles: [[Style.code, ""]] },
};

const WORD = /[\p{L}\p{N}\p{M}]/u;
const LINE_PREFIX = /^(> ?)?([ \t]*)((?:[-*•]|\d{1,3}[.)])[ \t]+)?/;
const FENCE = "```";

/** Takes the emphasis from what is selected when all of it has it, and gives it otherwise. A caret means the word around it. */
export function toggleEmphasis(draft: Draft, emphasis: Emphasis): Draft {
  const chosen = placesOf(draft).filter(({ line }) => line.kind !== "code" && line.kind !== "fence");
  if (emphasis === "code" && chosen.length > 1) return toggleBlock(draft);
  const shrunk = chosen.map((place) => ({ ...place, ...shrink(place) }));
  const written = shrunk.filter(({ start, end }) => start < end);
  if (written.length === 0) return toggleAtCaret(draft, shrunk[0], emphasis);
  const isAll = written.every((place) => regionAround(place, emphasis) !== undefined);
  let { text } = draft;
  let [start, end] = [Infinity, 0];
  let moved = 0;
  for (const place of written) {
    const next = isAll ? withoutEmphasis(place, emphasis) : withEmphasis(place, emphasis);
    const at = place.offset + moved;
    text = text.slice(0, at) + next.text + text.slice(at + place.text.length);
    [start, end] = [Math.min(start, at + next.start), at + next.end];
    moved += next.text.length - place.text.length;
  }
  return { text, start, end };
}

/** A line of a draft, and what of it is selected; places are the line's own. */
interface Place extends Draft {
  readonly line: Line;
  /** Where in the draft the line begins. */
  readonly offset: number;
}

/** The lines that are selected, but for what stands before their words. */
function placesOf({ text, start, end }: Draft): Place[] {
  const places: Place[] = [];
  let offset = 0;
  for (const line of parseMarks(text)) {
    const written = line.prefix + line.spans.map((span) => span.text).join("");
    const isChosen = offset <= end && start <= offset + written.length;
    const within = (place: number): number => Math.min(Math.max(place - offset, line.prefix.length), written.length);
    if (isChosen) places.push({ text: written, line, offset, start: within(start), end: within(end) });
    offset += written.length + 1;
  }
  return places;
}

function shrink({ text, start, end }: Draft): Pick<Draft, "start" | "end"> {
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start, end };
}

interface Region {
  readonly from: number;
  readonly to: number;
  /** The length of the mark on either side. */
  readonly mark: number;
  readonly rest: string;
}

function regionsOf({ line }: Place, emphasis: Emphasis): Region[] {
  const regions: Region[] = [];
  for (const [style, rest] of WAYS[emphasis].styles) {
    let [place, from, before] = [line.prefix.length, -1, 0];
    for (const span of [...line.spans, { text: "", style: 0 }]) {
      const isIn = (span.style & style) !== 0;
      if (isIn && from < 0) from = place;
      if (!isIn && from >= 0) {
        regions.push({ from, to: place, mark: style === Style.code ? before : lengthOf(style), rest });
        from = -1;
      }
      if (from < 0) before = span.text.length;
      place += span.text.length;
    }
  }
  return regions;
}

function lengthOf(style: number): number {
  if (style === Style.boldItalic) return 3;
  return style === Style.bold || style === Style.strike ? 2 : 1;
}

/** The region that holds all that is selected, its marks included. */
function regionAround(place: Place, emphasis: Emphasis): Region | undefined {
  return regionsOf(place, emphasis).find(({ from, to, mark }) => from - mark <= place.start && place.end <= to + mark);
}

function withoutEmphasis(place: Place, emphasis: Emphasis): Draft {
  const region = regionAround(place, emphasis);
  if (region === undefined) return place;
  const { from, to, mark, rest } = region;
  const { text } = place;
  const inside = text.slice(from, to);
  const shift = from - mark + rest.length;
  const within = (at: number): number => shift + Math.min(Math.max(at - from, 0), inside.length);
  return {
    text: text.slice(0, from - mark) + rest + inside + rest + text.slice(to + mark),
    start: within(place.start),
    end: within(place.end),
  };
}

/** Marks stand around whole words, and take the place of those of their kind within. */
function withEmphasis(place: Place, emphasis: Emphasis): Draft {
  const { text } = place;
  let { start, end } = place;
  for (const { from, to, mark } of regionsOf(place, emphasis)) {
    if (from - mark < end && start < to + mark) [start, end] = [Math.min(start, from - mark), Math.max(end, to + mark)];
  }
  while (start > place.line.prefix.length && isWithinWord(text, start)) start -= 1;
  while (end < text.length && isWithinWord(text, end)) end += 1;
  let inside = "";
  let done = start;
  const regions = regionsOf(place, emphasis).filter(({ from, to }) => start <= from && to <= end);
  for (const { from, to, mark, rest } of regions.sort((a, b) => a.from - b.from)) {
    inside += text.slice(done, from - mark) + rest + text.slice(from, to) + rest;
    done = to + mark;
  }
  inside += text.slice(done, end);
  const mark = markAround(inside, emphasis);
  const from = start + mark.length;
  return {
    text: text.slice(0, start) + mark + inside + mark + text.slice(end),
    start: from,
    end: from + inside.length,
  };
}

/** Code that has a back-tick in it stands between two. */
function markAround(inside: string, emphasis: Emphasis): string {
  const { mark } = WAYS[emphasis];
  return emphasis === "code" && inside.includes(mark) ? mark.repeat(2) : mark;
}

function isWithinWord(text: string, place: number): boolean {
  return WORD.test(text.charAt(place - 1)) && WORD.test(text.charAt(place));
}

function toggleAtCaret(draft: Draft, place: Place | undefined, emphasis: Emphasis): Draft {
  if (place === undefined) return draft;
  const { offset } = place;
  const inDraft = (next: Draft): Draft => ({
    text: draft.text.slice(0, offset) + next.text + draft.text.slice(offset + place.text.length),
    start: next.start + offset,
    end: next.end + offset,
  });
  if (regionAround(place, emphasis) !== undefined) return inDraft(withoutEmphasis(place, emphasis));
  if (isWithinWord(place.text, place.start)) {
    const next = withEmphasis(place, emphasis);
    // The caret stays where it was in the word.
    const caret = place.start + WAYS[emphasis].mark.length;
    return inDraft({ ...next, start: caret, end: caret });
  }
  const { mark } = WAYS[emphasis];
  const { text, start } = place;
  const isEmptyPair = text.slice(start - mark.length, start + mark.length) === mark + mark;
  const [from, to, insert] = isEmptyPair ? [start - mark.length, start + mark.length, ""] : [start, start, mark + mark];
  const caret = isEmptyPair ? from : start + mark.length;
  return inDraft({ text: text.slice(0, from) + insert + text.slice(to), start: caret, end: caret });
}

/** Makes items or a quote of the lines that are selected, and lines again when they are all that already. */
export function toggleLines(draft: Draft, kind: LineKind): Draft {
  const { from, to, lines } = wholeLines(draft);
  const meant = lines.filter((line) => line.trim() !== "" || lines.length === 1);
  const isAll = meant.every((line) => isOfKind(line, kind));
  let number = 0;
  const next = lines.map((line) => {
    if (!meant.includes(line)) return kind === "quote" && !isAll ? ">" : line === ">" ? "" : line;
    number += 1;
    return isAll ? withoutKind(line, kind) : withKind(line, kind, number);
  });
  const insert = next.join("\n");
  const first = (next[0] ?? "").length - (lines[0] ?? "").length;
  const text = draft.text.slice(0, from) + insert + draft.text.slice(to);
  const end = Math.max(from, draft.end + insert.length - (to - from));
  return { text, start: Math.min(Math.max(from, draft.start + first), end), end };
}

function wholeLines({ text, start, end }: Draft): { from: number; to: number; lines: string[] } {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next < 0 ? text.length : next;
  return { from, to, lines: text.slice(from, to).split("\n") };
}

function isOfKind(line: string, kind: LineKind): boolean {
  const [, quote, , item = ""] = LINE_PREFIX.exec(line) ?? [];
  if (kind === "quote") return quote !== undefined;
  return item !== "" && /\d/.test(item) === (kind === "numbers");
}

function withoutKind(line: string, kind: LineKind): string {
  const [match = "", quote = "", indent = "", item = ""] = LINE_PREFIX.exec(line) ?? [];
  return (kind === "quote" ? indent + item : quote + indent) + line.slice(match.length);
}

function withKind(line: string, kind: LineKind, number: number): string {
  const [match = "", quote = "", indent = ""] = LINE_PREFIX.exec(line) ?? [];
  if (kind === "quote") return quote === "" ? `> ${line}` : line;
  return quote + indent + (kind === "numbers" ? `${number}. ` : "- ") + line.slice(match.length);
}

/** Puts the lines that are selected between fences, or takes away those around them. */
export function toggleBlock(draft: Draft): Draft {
  const { from, to, lines } = wholeLines(draft);
  const written = parseMarks(draft.text);
  const first = draft.text.slice(0, from).split("\n").length - 1;
  const isCode = (line: Line | undefined): boolean => line?.kind === "code" || line?.kind === "fence";
  if (isCode(written[first]) && isCode(written[first + lines.length - 1])) return withoutFences(draft, written, first);
  const inside = lines.join("\n");
  const text = `${draft.text.slice(0, from)}${FENCE}\n${inside}\n${FENCE}${draft.text.slice(to)}`;
  const shift = FENCE.length + 1;
  return { text, start: draft.start + shift, end: draft.end + shift };
}

function withoutFences(draft: Draft, written: readonly Line[], line: number): Draft {
  let [open, close] = [line, line + 1];
  while (open > 0 && written[open]?.kind !== "fence") open -= 1;
  if (close <= open + 1) close = open + 1;
  while (close < written.length - 1 && written[close]?.kind !== "fence") close += 1;
  const lines = draft.text.split("\n");
  const fence = (lines[open] ?? "").length + 1;
  const start = Math.max(0, draft.start - fence);
  const text = lines.filter((_, index) => index !== open && index !== close).join("\n");
  return { text, start: Math.min(start, text.length), end: Math.min(Math.max(start, draft.end - fence), text.length) };
}

/** A link of what is selected: to `address`, or to one that is written next. */
export function makeLink({ text, start, end }: Draft, address = ""): Draft {
  const chosen = text.slice(start, end).trim();
  const isAddress = /^(?:https?:\/\/|mailto:)\S+$/i.test(chosen);
  const [label, href] = isAddress
    ? ["", chosen]
    : [chosen.replace(/[[\]\n]/g, " "), address === "" ? "https://" : address];
  const link = `[${label}](${href})`;
  const next = text.slice(0, start) + link + text.slice(end);
  if (label === "") return { text: next, start: start + 1, end: start + 1 };
  if (address !== "") return { text: next, start: start + link.length, end: start + link.length };
  return { text: next, start: start + link.length - 1 - href.length, end: start + link.length - 1 };
}

/**
 * A new line behind an item, a quote: it begins like the one before it. An item that nothing has been written for becomes an
 * ordinary line. Null where a new line is only that.
 */
export function continueLine({ text, start, end }: Draft): Draft | null {
  if (start !== end) return null;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const written = text.slice(from, start);
  const [match = "", quote = "", indent = "", item = ""] = LINE_PREFIX.exec(written) ?? [];
  const line = parseMarks(text.slice(0, start)).at(-1);
  if (match.trim() === "" || line?.kind === "code" || line?.kind === "fence") return null;
  if (written.slice(match.length).trim() === "") {
    if (!/^[ \t]*(?:\n|$)/.test(text.slice(start))) return null;
    return { text: text.slice(0, from) + text.slice(start), start: from, end: from };
  }
  if (line === undefined || (!isItem(line) && !line.isQuoted)) return null;
  const number = /^\d+/.exec(item)?.[0];
  const next = number === undefined ? item : item.replace(number, String(Number(number) + 1));
  const insert = `\n${quote}${indent}${next}`;
  const caret = start + insert.length;
  return { text: text.slice(0, start) + insert + text.slice(end), start: caret, end: caret };
}

/** What a tool would take away again: whether all that is selected, or the caret, is in it. */
export function isOn(draft: Draft, tool: Emphasis | LineKind | "block"): boolean {
  switch (tool) {
    case "bold":
    case "italic":
    case "strike":
    case "code": {
      const places = placesOf(draft).map((place) => ({ ...place, ...shrink(place) }));
      const written = places.length === 1 ? places : places.filter(({ start, end }) => start < end);
      return written.length > 0 && written.every((place) => regionAround(place, tool) !== undefined);
    }
    case "block":
      return isInBlock(draft);
    default:
      return wholeLines(draft).lines.every((line) => isOfKind(line, tool));
  }
}

/** Whether what is selected, or the caret, is in a block of code. */
export function isInBlock(draft: Draft): boolean {
  return placesOf(draft).every(({ line }) => line.kind === "code" || line.kind === "fence");
}

/** With a text in the place of what is selected. */
export function replaceSelected({ text, start, end }: Draft, insert: string): Draft {
  const caret = start + insert.length;
  return { text: text.slice(0, start) + insert + text.slice(end), start: caret, end: caret };
}
