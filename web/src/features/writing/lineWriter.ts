/** Writes lines of text with marks. */
import { plainOf } from "../../lib/text/marks";

/** A stretch of text of one kind. */
export interface Piece {
  readonly text: string;
  readonly isBold?: boolean;
  readonly isItalic?: boolean;
  readonly isStruck?: boolean;
  readonly isCode?: boolean;
  readonly href?: string;
}

const MARKS = [
  ["isBold", "**"],
  ["isItalic", "_"],
  ["isStruck", "~~"],
] as const;
type EmphasisKey = (typeof MARKS)[number][0];

const FENCE = "```";

export class LineWriter {
  readonly #lines: string[] = [];
  #pieces: Piece[] = [];
  /** What the next line begins with; it is not written for a line of nothing. */
  #item = "";
  #hasMarks = false;

  add(piece: Piece): void {
    if (piece.text !== "") this.#pieces.push(piece);
  }

  startItem(prefix: string): void {
    this.#item = prefix;
  }

  /** Ends the line if anything stands in it. */
  endLine(): void {
    if (this.#pieces.some(({ text }) => text.trim() !== "")) this.breakLine();
    else this.#pieces = [];
  }

  breakLine(): void {
    const line = lineOf(this.#pieces);
    const plain = plainLineOf(this.#pieces);
    this.#hasMarks ||= this.#item !== "" || line !== plain;
    this.#lines.push(this.#item + line);
    this.#pieces = [];
    this.#item = "";
  }

  /** An empty line between paragraphs, one at most. */
  addGap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
  }

  addBlock(language: string, code: string): void {
    const lines = code.replace(/^\n|\s+$/g, "").split("\n");
    if (lines.some((line) => line.startsWith(FENCE))) this.#lines.push(...lines);
    else this.#lines.push(FENCE + language, ...lines, FENCE);
    this.#hasMarks = true;
  }

  /** All lines; null when there are no marks in them. */
  finish(): string | null {
    this.endLine();
    return this.#hasMarks ? this.#lines.join("\n").trim() : null;
  }
}

function plainLineOf(pieces: readonly Piece[]): string {
  return tidy(pieces)
    .map(({ text }) => text)
    .join("");
}

/** The pieces with their marks; without them where they would not be read as they are meant, as within a word. */
function lineOf(pieces: readonly Piece[]): string {
  const plain = plainLineOf(pieces);
  let line = "";
  let open: readonly EmphasisKey[] = [];
  for (const piece of [...tidy(pieces), { text: "" }]) {
    const wanted = MARKS.map(([key]) => key).filter((key) => piece[key] === true && piece.isCode !== true);
    // Marks end in the order in which they began, so what stands within one that ends, ends with it.
    const firstClosed = open.findIndex((key) => !wanted.includes(key));
    const kept = firstClosed < 0 ? open : open.slice(0, firstClosed);
    line += open.slice(kept.length).reverse().map(markOf).join("");
    open = [...kept, ...wanted.filter((key) => !kept.includes(key))];
    line += open.slice(kept.length).map(markOf).join("") + written(piece);
  }
  return plainOf(line) === plain ? line : plain;
}

function markOf(key: EmphasisKey): string {
  return MARKS.find(([other]) => other === key)?.[1] ?? "";
}

function written({ text, isCode, href }: Piece): string {
  const code = isCode === true && text !== "" ? fenced(text) : text;
  if (href === undefined || text === "") return code;
  const isItself = [
    text,
    `${text}/`,
    `http://${text}`,
    `https://${text}`,
    `https://${text}/`,
    `mailto:${text}`,
  ].includes(href);
  return isItself ? text : `[${text}](${href})`;
}

function fenced(text: string): string {
  const ticks = text.includes("`") ? "``" : "`";
  return ticks + text + ticks;
}

/**
 * Single spaces, none at the ends, and those between pieces outside of what is marked unless it is marked on both sides:
 * marks never stand beside a space that they enclose.
 */
function tidy(pieces: readonly Piece[]): readonly Piece[] {
  const tidied: Piece[] = [];
  let isSpaced = true;
  for (const { text, ...style } of pieces) {
    for (const part of text.split(/(\s+)/)) {
      const isSpace = part.trim() === "";
      if (part === "" || (isSpace && isSpaced)) continue;
      isSpaced = isSpace;
      tidied.push(isSpace ? { text: " " } : { ...style, text: part });
    }
  }
  if (tidied.at(-1)?.text === " ") tidied.pop();
  return join(
    tidied.map((piece, index) => (piece.text === " " ? spaceOf(tidied[index - 1], tidied[index + 1]) : piece)),
  );
}

/** A space is of that kind of which both its neighbours are. */
function spaceOf(before: Piece | undefined, after: Piece | undefined): Piece {
  const both = (key: EmphasisKey | "isCode"): boolean => before?.[key] === true && after?.[key] === true;
  const href = before?.href === after?.href ? before?.href : undefined;
  return {
    text: " ",
    isBold: both("isBold"),
    isItalic: both("isItalic"),
    isStruck: both("isStruck"),
    isCode: both("isCode"),
    ...(href === undefined ? {} : { href }),
  };
}

function join(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && isAlike(last, piece))
      joined[joined.length - 1] = { ...last, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}

function isAlike(one: Piece, other: Piece): boolean {
  const keys = ["isBold", "isItalic", "isStruck", "isCode"] as const;
  return one.href === other.href && keys.every((key) => (one[key] === true) === (other[key] === true));
}
