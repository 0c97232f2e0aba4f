/** What of a found message is shown: some words around the first that was found, without marks, the found ones apart. */
import { mayHaveMarks, parseMarks, Style } from "../../lib/text/marks";

export interface Segment {
  readonly text: string;
  readonly isFound: boolean;
}

type Range = readonly [start: number, end: number];

/** In code points. Of what is before the first word, as much as leaves that word on the first line. */
const MOST_BEFORE = 32;
const LENGTH = 180;

interface Character {
  readonly text: string;
  readonly isFound: boolean;
}

/** `highlights` are `[start, end)` in code points of `content`, as the server counts. */
export function excerptOf(content: string, highlights: readonly Range[]): readonly Segment[] {
  const characters = readable(content, highlights);
  const first = Math.max(
    0,
    characters.findIndex(({ isFound }) => isFound),
  );
  const start = first <= MOST_BEFORE ? 0 : wordStart(characters, first - MOST_BEFORE, first);
  const shown = characters.slice(start, start + LENGTH);
  const segments = joined(shown);
  if (start > 0) segments.unshift({ text: "…", isFound: false });
  if (start + LENGTH < characters.length) segments.push({ text: "…", isFound: false });
  return segments;
}

/** The characters that are read, line breaks as spaces. */
function readable(content: string, highlights: readonly Range[]): Character[] {
  const isMark = marksOf(content);
  return Array.from(content, (text, index) => ({
    text: text === "\n" ? " " : text,
    isFound: highlights.some(([start, end]) => index >= start && index < end),
    isMark: isMark(index),
  })).filter((character) => !character.isMark);
}

/** Which code points of a text are marks; what is found in them is shown all the same, as there is no other way to it. */
function marksOf(content: string): (index: number) => boolean {
  if (!mayHaveMarks(content)) return () => false;
  const marks = new Set<number>();
  let index = 0;
  for (const { prefix, label, spans } of parseMarks(content)) {
    const unread = Array.from(prefix).length - Array.from(label).length;
    for (let place = 0; place < unread; place++) marks.add(index + place);
    index += Array.from(prefix).length;
    for (const { text, style } of spans) {
      const end = index + Array.from(text).length;
      for (; index < end; index++) if ((style & Style.mark) !== 0) marks.add(index);
    }
    index += 1; // the line feed
  }
  return (place) => marks.has(place);
}

/** Behind the first space from a place on, if there is one before `until`: words are not cut where they can be left whole. */
function wordStart(characters: readonly Character[], from: number, until: number): number {
  for (let place = from; place < until; place++) if (characters[place]?.text === " ") return place + 1;
  return from;
}

function joined(characters: readonly Character[]): Segment[] {
  const segments: Segment[] = [];
  for (const { text, isFound } of characters) {
    const last = segments.at(-1);
    if (last?.isFound === isFound) segments[segments.length - 1] = { text: last.text + text, isFound };
    else segments.push({ text, isFound });
  }
  return segments;
}
