import { describe, expect, it } from "vitest";

import { colorIndex, initialsOf } from "./Avatar";

describe("initialsOf", () => {
  it.each([
    ["Maya Santos", "MS"],
    ["María del Mar Ñúñez", "MÑ"],
    ["Acme (demo)", "A"],
    ["juniper & pine", "JP"],
    ["@dev", "D"],
    ["李 小龙", "李小"],
    ["🙂", "?"],
    ["", "?"],
  ])("makes of %s %s", (name, expected) => {
    expect(initialsOf(name)).toBe(expected);
  });
});

describe("colorIndex", () => {
  it("is the same for the same key, and one of the eight", () => {
    const colors = Array.from({ length: 200 }, (_, index) => colorIndex(`user-${index}`));
    expect(colorIndex("user-7")).toBe(colors[7]);
    expect(new Set(colors)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });
});
