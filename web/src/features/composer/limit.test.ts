import { expect, it } from "vitest";
import { measureLimit } from "./limit";

it.each([
  ["", { kind: "empty" }],
  [" \n\t ", { kind: "empty" }],
  ["a", { kind: "plenty" }],
  ["a".repeat(899), { kind: "plenty" }],
  ["a".repeat(900), { kind: "near", left: 100 }],
  ["👍".repeat(990), { kind: "near", left: 10 }],
  [`  ${"a".repeat(1000)}\n`, { kind: "near", left: 0 }],
  ["a".repeat(1001), { kind: "over", by: 1 }],
])("measures %#", (text, limit) => {
  expect(measureLimit(text, 1000)).toEqual(limit);
});

it("measures a huge paste at once", () => {
  const started = performance.now();
  expect(measureLimit("a".repeat(2_000_000), 1000)).toEqual({ kind: "over", by: 1_999_000 });
  expect(performance.now() - started).toBeLessThan(500);
});
