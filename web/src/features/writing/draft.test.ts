import { describe, expect, it } from "vitest";
import { parseMarks, plainOf } from "../../lib/text/marks";
import { textsOfPieces } from "../../lib/text/marks.fixture";
import { continueLine, makeLink, toggleBlock, toggleEmphasis, toggleLines, type Draft, type Emphasis } from "./draft";

/** A draft as it is written down here: brackets of their own around what is selected, or a bar for a caret. */
function read(written: string): Draft {
  const bare = written.replace(/[‹›|]/g, "");
  const caret = written.indexOf("|");
  if (caret >= 0) return { text: bare, start: caret, end: caret };
  return { text: bare, start: written.indexOf("‹"), end: written.indexOf("›") - 1 };
}

function write(draft: Draft | null): string | null {
  if (draft === null) return null;
  const { text, start, end } = draft;
  const middle = start === end ? "|" : `‹${text.slice(start, end)}›`;
  return text.slice(0, start) + middle + text.slice(end);
}

describe("toggleEmphasis", () => {
  it.each([
    ["bold", "a ‹b› c", "a **‹b›** c"],
    ["italic", "a ‹b c› d", "a _‹b c›_ d"],
    ["strike", "‹a›", "~~‹a›~~"],
    ["code", "run ‹npm test›", "run `‹npm test›`"],
    ["code", "‹a ` b›", "``‹a ` b›``"],
    ["bold", "a‹ b ›c", "a **‹b›** c"],
    ["bold", "un‹fri›day", "**‹unfriday›**"],
    ["bold", "a wo|rd b", "a **wo|rd** b"],
    ["bold", "a | b", "a **|** b"],
    ["bold", "a **|** b", "a | b"],
    ["italic", "**‹a›**", "**_‹a›_**"],
    ["bold", "‹a **b** c›", "**‹a b c›**"],
    ["bold", "**a‹b› c** d", "a‹b› c d"],
    ["bold", "**‹a› b** c", "‹a› b c"],
    ["bold", "- ‹a\n- b›", "- **‹a**\n- **b›**"],
    ["italic", "‹one\n\ntwo›", "_‹one_\n\n_two›_"],
    ["code", "‹one\ntwo›", "```\n‹one\ntwo›\n```"],
  ] as const)("gives %s to %j", (emphasis, before, after) => {
    expect(write(toggleEmphasis(read(before), emphasis))).toBe(after);
  });

  it.each([
    ["bold", "a **‹b›** c", "a ‹b› c"],
    ["bold", "a ‹**b**› c", "a ‹b› c"],
    ["bold", "a **b|** c", "a b| c"],
    ["italic", "*‹a›*", "‹a›"],
    ["italic", "**_‹a›_**", "**‹a›**"],
    ["bold", "***‹a›***", "*‹a›*"],
    ["italic", "***‹a›***", "**‹a›**"],
    ["code", "``‹a ` b›``", "‹a ` b›"],
    ["bold", "- **‹a**\n- **b›**", "- ‹a\n- b›"],
  ] as const)("takes %s from %j", (emphasis, before, after) => {
    expect(write(toggleEmphasis(read(before), emphasis))).toBe(after);
  });

  it("never loses a word, wherever the ends of a selection are", () => {
    const words = (text: string): string => text.replace(/[*_~`\s]/g, "");
    for (const text of textsOfPieces(2_000)) {
      for (const emphasis of ["bold", "italic", "strike", "code"] as readonly Emphasis[]) {
        const [start, end] = [Math.floor(text.length / 3), Math.floor((text.length * 2) / 3)];
        const next = toggleEmphasis({ text, start, end }, emphasis);
        expect(words(next.text), JSON.stringify(text)).toBe(words(text));
        expect(next.start).toBeLessThanOrEqual(next.end);
        expect(next.end).toBeLessThanOrEqual(next.text.length);
      }
    }
  });
});

describe("toggleLines", () => {
  it.each([
    ["bullets", "|", "- |"],
    ["bullets", "a|", "- a|"],
    ["bullets", "‹a\nb›", "- ‹a\n- b›"],
    ["bullets", "‹a\n\nb›", "- ‹a\n\n- b›"],
    ["bullets", "- ‹a\n- b›", "‹a\nb›"],
    ["numbers", "‹a\nb›\nc", "1. ‹a\n2. b›\nc"],
    ["numbers", "- ‹a\n- b›", "1. ‹a\n2. b›"],
    ["bullets", "1. a|", "- a|"],
    ["quote", "‹a\n\nb›", "> ‹a\n>\n> b›"],
    ["quote", "> ‹a\n>\n> b›", "‹a\n\nb›"],
    ["quote", "- a|", "> - a|"],
    ["bullets", "> a|", "> - a|"],
  ] as const)("makes %s of %j", (kind, before, after) => {
    expect(write(toggleLines(read(before), kind))).toBe(after);
  });
});

describe("toggleBlock", () => {
  it.each([
    ["‹let x›", "```\n‹let x›\n```"],
    ["a\nb|\nc", "a\n```\nb|\n```\nc"],
    ["```\nlet |x\n```", "let |x"],
    ["a\n```js\n‹let x\nlet y›\n```\nb", "a\n‹let x\nlet y›\nb"],
  ])("makes %j %j", (before, after) => {
    expect(write(toggleBlock(read(before)))).toBe(after);
  });
});

describe("makeLink", () => {
  it.each([
    ["see ‹the plan›", "", "see [the plan](‹https://›)"],
    ["|", "", "[|](https://)"],
    ["‹https://a.example/b›", "", "[|](https://a.example/b)"],
    ["‹the plan› now", "https://a.example", "[the plan](https://a.example)| now"],
  ])("makes of %j and %j %j", (before, address, after) => {
    expect(write(makeLink(read(before), address))).toBe(after);
  });
});

describe("continueLine", () => {
  it.each([
    ["- a|", "- a\n- |"],
    ["  * a|", "  * a\n  * |"],
    ["9. a|", "9. a\n10. |"],
    ["2) a|", "2) a\n3) |"],
    ["> a|", "> a\n> |"],
    ["> - a|", "> - a\n> - |"],
    ["- a\n- |", "- a\n|"],
    ["> a\n> |", "> a\n|"],
    ["- a| b", "- a\n- | b"],
  ])("goes on after %j with %j", (before, after) => {
    expect(write(continueLine(read(before)))).toBe(after);
  });

  it.each(["a|", "|", "  a|", "a\n|", "-a|", "2 * 3|", ">|b", "‹- a›"])(
    "leaves a new line after %j to the browser",
    (before) => {
      expect(continueLine(read(before))).toBeNull();
    },
  );
});

it("writes marks that are read as they were meant", () => {
  expect(parseMarks(toggleEmphasis(read("a ‹b› c"), "bold").text)[0]?.spans).toHaveLength(5);
  expect(plainOf(toggleLines(read("‹a\nb›"), "bullets").text)).toBe("• a\n• b");
});
