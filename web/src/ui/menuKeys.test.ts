import { describe, expect, it } from "vitest";

import { ACROSS, nextIndex } from "./menuKeys";

describe("nextIndex", () => {
  it.each([
    ["ArrowDown", 0, 1],
    ["ArrowDown", 2, 0],
    ["ArrowUp", 0, 2],
    ["ArrowUp", -1, 2],
    ["Home", 2, 0],
    ["End", 0, 2],
  ])("%s leads from %i to %i of three", (key, current, expected) => {
    expect(nextIndex(key, current, 3)).toBe(expected);
  });

  it("leaves other keys, and empty menus, alone", () => {
    expect(nextIndex("a", 0, 3)).toBeNull();
    expect(nextIndex("ArrowDown", -1, 0)).toBeNull();
    expect(nextIndex("ArrowDown", 1, 3, ACROSS)).toBeNull();
    expect([nextIndex("ArrowRight", 2, 3, ACROSS), nextIndex("ArrowLeft", 0, 3, ACROSS)]).toEqual([0, 2]);
  });
});
