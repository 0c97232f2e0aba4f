import { describe, expect, it } from "vitest";
import { directionOf, isolate } from "./isolation";
import { readTable } from "./tables.fixture";

interface Row {
  readonly kind: string;
  readonly text: string;
  readonly isolated: string;
}

describe("isolate", () => {
  it.each(readTable("isolation") as readonly Row[])(
    "isolates as the server does: $kind, $text",
    ({ text, isolated }) => {
      expect(isolate(text)).toBe(isolated);
    },
  );
});

describe("directionOf", () => {
  it.each([
    ["Ready (soon)!", "ltr"],
    ["שלום!", "rtl"],
    ["… (42) שלום", "rtl"],
    ["42", "ltr"],
    ["", "ltr"],
    [`${isolate("נועה לוי")}: Ready (soon)!`, "ltr"],
    [`${isolate("\u202eante Max")}: שלום`, "rtl"],
    [`You: ${isolate("שלום!")}`, "ltr"],
    ["\u2069\u2069שלום", "rtl"],
  ] as const)("of %j is %s", (line, direction) => {
    expect(directionOf(line)).toBe(direction);
  });
});
