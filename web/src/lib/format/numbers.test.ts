import { expect, it } from "vitest";

import { formatBadge } from "./numbers";

it("writes counts up to 99 exactly, and more as 99+", () => {
  expect([1, 99, 100, 4000].map((count) => formatBadge(count, "en"))).toEqual(["1", "99", "99+", "99+"]);
});

it("writes no more than there is room for", () => {
  expect([9, 10, 160].map((count) => formatBadge(count, "en", 9))).toEqual(["9", "9+", "9+"]);
});
