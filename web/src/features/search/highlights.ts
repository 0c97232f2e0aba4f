/** Shows found words in the messages on the screen, without a change to their elements: by CSS highlights of ranges. */
import type { FoundMessage } from "../../realtime/types";

const NAME = "hc-found";

/** Marks the words until the answer is called; does nothing in browsers without highlights. */
export function highlightFound(log: HTMLElement, found: readonly FoundMessage[]): () => void {
  if (!("highlights" in CSS)) return () => undefined;
  const words = new Map(found.map((one) => [String(one.message.seq), wordsOf(one)]));
  let frame = 0;
  const draw = (): void => {
    frame = 0;
    const ranges = [...log.querySelectorAll<HTMLElement>("[data-seq]")].flatMap((message) =>
      findRanges(message, words.get(message.dataset.seq ?? "") ?? []),
    );
    CSS.highlights.set(NAME, new Highlight(...ranges));
  };
  // Only what is near the screen has elements, and they are made anew as it moves.
  const changes = new MutationObserver(() => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  });
  changes.observe(log, { childList: true, subtree: true, characterData: true });
  draw();
  return () => {
    changes.disconnect();
    cancelAnimationFrame(frame);
    CSS.highlights.delete(NAME);
  };
}

/** What was found, as it was written. */
function wordsOf({ message, highlights }: FoundMessage): readonly string[] {
  const characters = Array.from(message.content);
  return highlights.map(([start, end]) => characters.slice(start, end).join(""));
}

/**
 * The words in their order: a message that is drawn with marks has other places than what was written, but the same words.
 * Where one is not found (a mark is in its middle), the others are.
 */
export function findRanges(message: HTMLElement, words: readonly string[]): readonly Range[] {
  const bubble = message.querySelector(".hc-message__bubble");
  if (bubble === null || words.length === 0) return [];
  const nodes: Text[] = [];
  const walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  const text = nodes.map(({ data }) => data).join("");
  const ranges: Range[] = [];
  let from = 0;
  for (const word of words) {
    const at = text.indexOf(word, from);
    if (at < 0) continue;
    from = at + word.length;
    const range = document.createRange();
    range.setStart(...placeOf(nodes, at, false));
    range.setEnd(...placeOf(nodes, from, true));
    ranges.push(range);
  }
  return ranges;
}

/** The node and the place in it of a place in the text of all; `isEnd`: behind a character rather than before one. */
function placeOf(nodes: readonly Text[], at: number, isEnd: boolean): [node: Text, offset: number] {
  let start = 0;
  for (const node of nodes) {
    const end = start + node.data.length;
    if (at < end || (isEnd && at === end)) return [node, at - start];
    start = end;
  }
  throw new RangeError(`There is no place ${at} in ${start} characters.`);
}
