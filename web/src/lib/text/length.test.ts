import { expect, it } from "vitest";
import { countCharacters } from "./length";

it.each([
  ["", 0],
  ["abc", 3],
  ["👍", 1],
  ["👋🏽", 2],
  ["é", 1],
  ["\ud800", 1],
  ["\udc00\ud800", 2],
  ["a👍b👍", 4],
])("counts the code points of %j", (text, count) => {
  expect(countCharacters(text)).toBe(count);
  expect(Array.from(text)).toHaveLength(count);
});
