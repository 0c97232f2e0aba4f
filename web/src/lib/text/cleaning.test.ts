import { describe, expect, it } from "vitest";
import { clean } from "./cleaning";
import { readTable } from "./tables.fixture";

interface Row {
  readonly kind: string;
  readonly text: string;
  readonly message: string | null;
}

describe("clean", () => {
  it.each(readTable("cleaning") as readonly Row[])("cleans as the server does: $kind, $text", ({ text, message }) => {
    expect(clean(text)).toBe(message ?? "");
  });

  it("takes out halves of surrogate pairs, which the server would refuse", () => {
    expect(clean("a\ud83db")).toBe("ab");
    expect(clean("\udc00")).toBe("");
  });

  it("takes time in proportion to the length", () => {
    const started = performance.now();
    for (const part of ["\x1b]0;", "\x1b[", " ", "\u200b", "\u{e0020}", "\r"]) clean(`a${part.repeat(50_000)}b`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
