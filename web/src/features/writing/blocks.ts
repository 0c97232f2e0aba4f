/** Lines as they belong together: quotes, lists, code, and the text between them. */
import { isItem, type Line } from "../../lib/text/marks";

export interface ListBlock {
  readonly kind: "list";
  readonly isNumbered: boolean;
  readonly items: readonly Item[];
}

export interface Item {
  readonly line: Line;
  readonly lists: readonly ListBlock[];
}

export type Block =
  | { readonly kind: "text"; readonly lines: readonly Line[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | ListBlock;

export function blocksOf(lines: readonly Line[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < lines.length;) {
    const first = lines[start];
    if (first === undefined) break;
    const end = endOfRun(lines, start, (line) => rankOf(line) === rankOf(first));
    const run = lines.slice(start, end);
    start = end;
    if (first.isQuoted) blocks.push({ kind: "quote", blocks: blocksOf(run.map(unquoted)) });
    else if (isItem(first)) blocks.push(...listsOf(run, 0));
    else if (first.kind === "text") blocks.push({ kind: "text", lines: run });
    else blocks.push(...codeOf(run));
  }
  return blocks;
}

/** Lines of one rank in a row are one block, or blocks of one kind. */
function rankOf({ isQuoted, kind }: Line): string {
  if (isQuoted) return "quote";
  if (kind === "bullet" || kind === "number") return "list";
  return kind === "text" ? "text" : "code";
}

function unquoted(line: Line): Line {
  return { ...line, isQuoted: false };
}

function endOfRun(lines: readonly Line[], start: number, belongs: (line: Line) => boolean): number {
  let end = start + 1;
  for (let line = lines[end]; line !== undefined && belongs(line); line = lines[end]) end += 1;
  return end;
}

/** Blocks right behind one another: each begins and ends with a fence. */
function codeOf(run: readonly Line[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < run.length;) {
    const end = endOfRun(run, start, ({ kind }) => kind === "code");
    const language = (run[start]?.spans[0]?.text ?? "").replaceAll("`", "").trim();
    const text = run.slice(start + 1, end).map(({ spans }) => spans[0]?.text ?? "");
    blocks.push({ kind: "code", language, text: text.join("\n") });
    start = end + 1;
  }
  return blocks;
}

/** An item has the deeper items behind it as lists of its own. Depths are few (`marks.ts`), and so are calls in calls. */
function listsOf(run: readonly Line[], depth: number): readonly ListBlock[] {
  const lists: { kind: "list"; isNumbered: boolean; items: Item[] }[] = [];
  for (let start = 0; start < run.length;) {
    const line = run[start];
    if (line === undefined) break;
    const end = endOfRun(run, start, (next) => next.depth > depth);
    const item = { line, lists: listsOf(run.slice(start + 1, end), depth + 1) };
    const isNumbered = line.kind === "number";
    const last = lists.at(-1);
    if (last?.isNumbered === isNumbered) last.items.push(item);
    else lists.push({ kind: "list", isNumbered, items: [item] });
    start = end;
  }
  return lists;
}
