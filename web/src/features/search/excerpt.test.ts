// @vitest-environment node
import { describe, expect, it } from "vitest";
import { excerptOf } from "./excerpt";

/** With the found words in brackets. */
function shown(content: string, ...highlights: [number, number][]): string {
  return excerptOf(content, highlights)
    .map(({ text, isFound }) => (isFound ? `[${text}]` : text))
    .join("");
}

describe("an excerpt", () => {
  it("counts in code points, as the server does", () => {
    expect(shown("😀😀 the invoice 👩‍💻", [7, 14])).toBe("😀😀 the [invoice] 👩‍💻");
  });

  it("shows all words that were found, and a short text as it is", () => {
    expect(shown("one two one", [0, 3], [8, 11])).toBe("[one] two [one]");
    expect(shown("a file")).toBe("a file");
  });

  it("begins a few words before the first, at the beginning of one, and ends somewhere behind it", () => {
    const content = `${"far before ".repeat(20)}the invoice${" far behind".repeat(40)}`;
    const text = shown(content, [224, 231]);
    expect(text).toMatch(/^…(before|far) .{1,32}the \[invoice\] far behind/);
    expect(text).toMatch(/…$/);
    expect(Array.from(text).length).toBeLessThan(190);
  });

  it("is on one line, without the marks that say how words are drawn", () => {
    expect(shown("**pay** the\n- *invoice* now", [2, 5], [15, 22])).toBe("[pay] the [invoice] now");
    expect(shown("> 1. first\n```\ncode\n```", [15, 19])).toBe("1. first  [code] ");
  });
});
