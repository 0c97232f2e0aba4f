/**
 * What is kept of a page that somebody copied: bold, italic, struck, code, links and lists become marks, and all else plain
 * text. Tags are read here and by hand: to have the browser read them is to make HTML of a text, which the page's policy
 * forbids (Trusted Types).
 */
import { plainOf } from "../../lib/text/marks";
import { LineWriter, type Piece } from "./lineWriter";

/** UTF-16 units; what is longer is pasted as plain text. */
const MAX_LENGTH = 200_000;
const MAX_DEPTH = 2;
/** Elements within elements; what is deeper is read as if its tags were not there. */
const MAX_OPEN = 100;

const EMPHASIS: Readonly<Record<string, Partial<Piece>>> = {
  b: { isBold: true },
  strong: { isBold: true },
  i: { isItalic: true },
  em: { isItalic: true },
  s: { isStruck: true },
  strike: { isStruck: true },
  del: { isStruck: true },
  code: { isCode: true },
  tt: { isCode: true },
  kbd: { isCode: true },
  samp: { isCode: true },
};
const UNSEEN = new Set([
  "head",
  "style",
  "script",
  "title",
  "template",
  "noscript",
  "svg",
  "object",
  "select",
  "textarea",
]);
const BLOCKS = new Set(
  "p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table tr section article header footer main aside nav figure figcaption form address hr body".split(
    " ",
  ),
);
const PARAGRAPHS = /^(?:p|h[1-6])$/;
const EMPTY = new Set(["br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "source"]);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  bull: "•",
  middot: "·",
  euro: "€",
  copy: "©",
  reg: "®",
  trade: "™",
};

/** The text with marks for what a page's HTML says; null when it says nothing that has marks. */
export function marksOf(html: string): string | null {
  if (html.length > MAX_LENGTH) return null;
  const reader = new Reader();
  for (const token of tokensOf(html)) reader.take(token);
  return reader.finish();
}

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "open" | "close"; readonly name: string; readonly attributes: string };

/** Tags and the text between them. What begins like a tag or a comment and does not end is left out with all behind it. */
function* tokensOf(html: string): Generator<Token> {
  for (let place = 0; place < html.length;) {
    const tag = html.indexOf("<", place);
    const end = tag < 0 ? html.length : tag;
    if (end > place) yield { kind: "text", text: html.slice(place, end) };
    if (tag < 0) return;
    const isComment = html.startsWith("<!--", tag);
    const close = isComment ? html.indexOf("-->", tag) + 2 : endOfTag(html, tag);
    if (close < tag + 2) return;
    const [, slash = "", name = "", attributes = ""] =
      /^<(\/?)([a-z][\w:-]*)([^]*)>$/i.exec(html.slice(tag, close + 1)) ?? [];
    if (name !== "") yield { kind: slash === "" ? "open" : "close", name: name.toLowerCase(), attributes };
    place = close + 1;
  }
}

/** Quoted values of attributes may have the sign in them that ends a tag. */
function endOfTag(html: string, start: number): number {
  for (let place = start + 1; place < html.length; place += 1) {
    const character = html.charAt(place);
    if (character === ">") return place;
    if (character !== '"' && character !== "'") continue;
    place = html.indexOf(character, place + 1);
    if (place < 0) return -1;
  }
  return -1;
}

interface Element {
  readonly name: string;
  /** With that of the elements around it. */
  readonly style: Partial<Piece>;
  readonly isUnseen: boolean;
  readonly isList: boolean;
}

class Reader {
  readonly #open: Element[] = [];
  readonly #writer = new LineWriter();
  /** The numbers of the lists around, of which those without are null. */
  readonly #lists: (number | null)[] = [];
  /** The lines of a block of code; null outside of one. */
  #code: { language: string; text: string } | null = null;
  #unseen = 0;

  take(token: Token): void {
    if (token.kind === "text") this.#text(decode(token.text));
    else if (token.kind === "open") this.#start(token.name, token.attributes);
    else this.#end(token.name);
  }

  finish(): string | null {
    while (this.#open.length > 0) this.#pop();
    return this.#writer.finish();
  }

  #text(text: string): void {
    if (this.#unseen > 0) return;
    if (this.#code !== null) {
      this.#code.text += text;
      return;
    }
    this.#writer.add({ ...this.#open.at(-1)?.style, text: text.replace(/\s+/g, " ") });
  }

  #start(name: string, attributes: string): void {
    if (name === "br") this.#breakLine();
    if (BLOCKS.has(name)) this.#writer.endLine();
    if (EMPTY.has(name) || this.#open.length >= MAX_OPEN) return;
    if (PARAGRAPHS.test(name) && !isTight(attributes) && this.#lists.length === 0) this.#writer.addGap();
    if (name === "td" || name === "th") this.#writer.add({ text: " " });
    if (name === "ul" || name === "ol") this.#lists.push(name === "ol" ? firstNumber(attributes) : null);
    if (name === "li") this.#startItem();
    if (name === "pre") this.#code ??= { language: "", text: "" };
    if (this.#code !== null) this.#code.language ||= /language-([\w+#.-]{1,20})/.exec(attributes)?.[1] ?? "";
    const isUnseen = UNSEEN.has(name);
    this.#unseen += isUnseen ? 1 : 0;
    this.#open.push({
      name,
      style: { ...this.#open.at(-1)?.style, ...styleOf(name, attributes) },
      isUnseen,
      isList: name === "ul" || name === "ol",
    });
  }

  /** Ends what the tag has begun, and what was begun in it and not ended. A tag that has begun nothing ends nothing. */
  #end(name: string): void {
    if (!this.#open.some((element) => element.name === name)) return;
    while (this.#open.at(-1)?.name !== name) this.#pop();
    this.#pop();
  }

  #pop(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    this.#unseen -= element.isUnseen ? 1 : 0;
    if (element.isList) this.#lists.pop();
    if (element.name === "pre" && this.#code !== null && !this.#open.some(({ name }) => name === "pre")) {
      this.#writer.addBlock(this.#code.language, this.#code.text);
      this.#code = null;
    }
    if (BLOCKS.has(element.name)) this.#writer.endLine();
  }

  #breakLine(): void {
    if (this.#code !== null) this.#code.text += "\n";
    else if (this.#lists.length > 0) this.#writer.add({ text: " " });
    else this.#writer.breakLine();
  }

  #startItem(): void {
    const depth = Math.max(this.#lists.length - 1, 0);
    const number = this.#lists.at(-1) ?? null;
    if (number !== null) this.#lists[depth] = number + 1;
    this.#writer.startItem("  ".repeat(Math.min(depth, MAX_DEPTH)) + (number === null ? "- " : `${number}. `));
  }
}

function firstNumber(attributes: string): number {
  return Number(/\bstart="?(\d{1,3})/i.exec(attributes)?.[1] ?? 1);
}

/** Google's documents and Word's have a paragraph a line, without space between. */
function isTight(attributes: string): boolean {
  return /margin(?:-bottom)?:\s*0|\bMso/i.test(attributes);
}

function styleOf(name: string, attributes: string): Partial<Piece> {
  const css = /\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
  const rules = css?.[1] ?? css?.[2] ?? "";
  const isHeading = /^h[1-6]$|^th$/.test(name);
  const style: { -readonly [K in keyof Piece]?: Piece[K] } = { ...EMPHASIS[name] };
  const weight = /font-weight:\s*(\w+)/i.exec(rules)?.[1];
  if (weight !== undefined && !isHeading) style.isBold = /^(?:bold|bolder|[6-9]00)$/i.test(weight);
  const slant = /font-style:\s*(\w+)/i.exec(rules)?.[1];
  if (slant !== undefined) style.isItalic = /^(?:italic|oblique)$/i.test(slant);
  if (/text-decoration[\w-]*:[^;]*line-through/i.test(rules)) style.isStruck = true;
  const href = name === "a" ? /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes) : null;
  const address = decode(href?.[1] ?? href?.[2] ?? "").trim();
  return /^(?:https?:\/\/|mailto:)/i.test(address) ? { ...style, href: address } : style;
}

function decode(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi,
    (entity, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
      const code = decimal === undefined ? parseInt(String(hex), 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    },
  );
}

/** Whether somebody pastes an address: over a text that is selected it makes a link of it. */
export function isAddress(text: string): boolean {
  return /^(?:https?:\/\/|mailto:)[^\s()<>]{1,2000}$/i.test(text) && plainOf(`[a](${text})`) === "a";
}
