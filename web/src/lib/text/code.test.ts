import { describe, expect, it } from "vitest";
import { splitCode } from "./code";

const text = (content: string) => ({ kind: "text", text: content });
const code = (content: string) => ({ kind: "code", text: content });
const block = (content: string) => ({ kind: "block", text: content });

describe("splitCode", () => {
  it.each([
    ["", []],
    ["plain", [text("plain")]],
    ["run `npm test` now", [text("run "), code("npm test"), text(" now")]],
    ["`a` and `b`", [code("a"), text(" and "), code("b")]],
    ["``a `b` c``", [code("a `b` c")]],
    ["(`x`)", [text("("), code("x"), text(")")]],
    ["```\nconst a = 1;\n  b();\n```", [block("const a = 1;\n  b();")]],
    ["See:\n```js\nlet x\n```\nDone", [text("See:"), block("let x"), text("Done")]],
    ["```\na\n```\n```\nb\n```", [block("a"), block("b")]],
    ["```\n`a` https://a.example\n```", [block("`a` https://a.example")]],
  ])("finds code in %j", (message, segments) => {
    expect(splitCode(message)).toEqual(segments);
  });

  it.each(["it`s Ana`s", "a ` b ` c", "`open", "```\nopen", "``", "` `", "a\n`b\nc`"])(
    "finds none in %j",
    (message) => {
      expect(splitCode(message)).toEqual([text(message)]);
    },
  );

  it("takes time in proportion to the length", () => {
    const started = performance.now();
    for (const part of ["```\n", "`", "`a", "``a`", "```\na\n```\n"]) splitCode(part.repeat(10_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
