import { describe, expect, it } from "vitest";

import { nextRow } from "./listKeys";

describe("nextRow", () => {
  it.each([
    ["ArrowDown", -1, 0],
    ["ArrowDown", 0, 1],
    ["ArrowDown", 2, 2],
    ["ArrowUp", 1, 0],
    ["ArrowUp", 0, -1],
    ["Home", 2, 0],
    ["End", 0, 2],
  ])("%s leads from row %i to row %i of three", (key, current, expected) => {
    expect(nextRow(key, current, 3)).toBe(expected);
  });

  it("leaves Home and End to the text of the search field", () => {
    expect(nextRow("Home", -1, 3)).toBeNull();
    expect(nextRow("End", -1, 3)).toBeNull();
  });

  it("stays in the search field when there are no rows", () => {
    expect(nextRow("ArrowDown", -1, 0)).toBe(-1);
  });
});
