import { describe, expect, it } from "vitest";
import { findRanges } from "./highlights";

function message(...parts: readonly (string | [tag: string, text: string])[]): HTMLElement {
  const article = document.createElement("article");
  const bubble = document.createElement("div");
  bubble.className = "hc-message__bubble";
  for (const part of parts) {
    const element = typeof part === "string" ? part : document.createElement(part[0]);
    if (typeof part !== "string" && typeof element !== "string") element.textContent = part[1];
    bubble.append(element);
  }
  article.append(bubble);
  return article;
}

const found = (element: HTMLElement, ...words: string[]) => findRanges(element, words).map(String);

describe("found words on the screen", () => {
  it("are found in their order, each once", () => {
    const ranges = findRanges(message("pay the pay"), ["pay", "pay"]);
    expect(ranges.map(({ startOffset, endOffset }) => [startOffset, endOffset])).toEqual([
      [0, 3],
      [8, 11],
    ]);
  });

  it("are found in what is drawn with marks, and across them", () => {
    expect(found(message("see ", ["strong", "invoice"], " 12"), "invoice", "12")).toEqual(["invoice", "12"]);
    expect(found(message("in", ["em", "vo"], "ice"), "invoice")).toEqual(["invoice"]);
  });

  it("are left out where they are not to be seen", () => {
    expect(found(message("😀 quokka"), "wombat", "quokka")).toEqual(["quokka"]);
    expect(found(document.createElement("article"), "quokka")).toEqual([]);
  });
});
