import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { findUncoveredSeq } from "./onScreen";

let log: HTMLElement;
let cover: HTMLElement;
/** Points that the cover lies over. */
let isCovered: (x: number, y: number) => boolean;

function place(element: HTMLElement, top: number, height: number): void {
  vi.spyOn(element, "getBoundingClientRect").mockReturnValue(new DOMRect(0, top, 300, height));
}

beforeEach(() => {
  document.body.replaceChildren();
  log = document.body.appendChild(document.createElement("div"));
  cover = document.body.appendChild(document.createElement("dialog"));
  isCovered = () => false;
  place(log, 100, 400);
  for (const seq of [1, 2, 3]) {
    const message = log.appendChild(document.createElement("article"));
    message.dataset.seq = String(seq);
    place(message, 100 + (seq - 1) * 150, 100);
  }
  document.elementFromPoint = (x, y) => (isCovered(x, y) ? cover : (log.children[Math.floor((y - 100) / 150)] ?? log));
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("findUncoveredSeq", () => {
  it("is the newest of those that were seen, on the screen and with nothing over it", () => {
    expect([1, 2, 3, 9].map((seq) => findUncoveredSeq(log, seq))).toEqual([1, 2, 3, 3]);
  });

  it("is none while something covers the whole list", () => {
    isCovered = () => true;
    expect(findUncoveredSeq(log, 3)).toBe(0);
  });

  it("is the newest that a sheet from below leaves", () => {
    isCovered = (_, y) => y > 350;
    expect(findUncoveredSeq(log, 3)).toBe(2);
  });

  it("is one that a toast or a small menu hides in part only", () => {
    isCovered = (x, y) => x > 100 && y > 350;
    expect(findUncoveredSeq(log, 3)).toBe(3);
  });

  it("is none that has been scrolled out of the list's window, or of which only the edge is left", () => {
    place(log.children[2] as HTMLElement, 490, 100);
    expect(findUncoveredSeq(log, 3)).toBe(2);
    place(log.children[2] as HTMLElement, 700, 100);
    expect(findUncoveredSeq(log, 3)).toBe(2);
  });

  it("is none where there is no list", () => {
    expect(findUncoveredSeq(null, 3)).toBe(0);
  });
});
