import { expect, it } from "vitest";
import { formatDuration } from "./duration";

it.each([
  [0, "0:00"],
  [7_999, "0:07"],
  [60_000, "1:00"],
  [899_000, "14:59"],
])("says %d milliseconds as %s", (milliseconds, words) => {
  expect(formatDuration(milliseconds)).toBe(words);
});
