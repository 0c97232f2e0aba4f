import { describe, expect, it } from "vitest";
import { cut } from "./cut";

const FAMILY = "👨‍👩‍👧";

describe("a text that is cut", () => {
  it("stays as it is up to its bound, in code points", () => {
    expect(cut("abcd", 4)).toBe("abcd");
    expect(cut("😀😀😀", 3)).toBe("😀😀😀");
    expect(cut(`a${FAMILY}`, 6)).toBe(`a${FAMILY}`);
  });

  it("ends before a character that does not fit", () => {
    expect(cut("abcde", 4)).toBe("abcd");
    for (const most of [1, 2, 3, 4, 5]) expect(cut(`a${FAMILY}b`, most)).toBe("a");
    expect(cut(`a${FAMILY}b`, 6)).toBe(`a${FAMILY}`);
    expect(cut("ae\u0301", 2)).toBe("a");
    expect(cut("a🇵🇭🇪🇸", 4)).toBe("a🇵🇭");
  });

  it("keeps a part of a character that is longer by itself", () => {
    expect(cut(`e${"\u0301".repeat(9)}`, 4)).toBe("e\u0301\u0301\u0301");
  });
});
