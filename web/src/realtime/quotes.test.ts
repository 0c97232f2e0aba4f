import { expect, test } from "vitest";
import { asQuote } from "./quotes";
import { aMessage } from "./testing/samples";

const quoted = (content: string): string => asQuote(aMessage(1, { content })).content;

test("a quote is cut at 200 characters, and never within what people see as one", () => {
  const start = "x".repeat(198);
  expect(quoted(`${start}yz and more`)).toBe(`${start}yz`);
  expect(quoted(`${start}👨‍👩‍👧 and more`)).toBe(start);
  expect(quoted(`${start}y👍🏽 and more`)).toBe(`${start}y`);
  expect(quoted("🙂".repeat(200))).toBe("🙂".repeat(200));
});
