import { describe, expect, it } from "vitest";
import { parseMarks, plainLine } from "../../lib/text/marks";
import { textsOfPieces } from "../../lib/text/marks.fixture";
import { readTable } from "../../lib/text/tables.fixture";
import { ViewBench } from "../../lib/viewBench.fixture";
import type { Mentioned } from "./FormattedText";
import { readOf, shownIn } from "./shown.fixture";

interface Row {
  readonly kind: string;
  readonly text: string;
  readonly shown: string;
}

const rows = readTable("marks") as readonly Row[];

const view = new ViewBench();
const shownOf = (text: string, mentions?: readonly Mentioned[]): string => shownIn(view, text, mentions);

describe("FormattedText", () => {
  it.each(rows)("shows what the marks say: $kind, $text", ({ text, shown }) => {
    expect(shownOf(text)).toBe(shown);
  });

  it("draws the names of those who are mentioned, also within marks, and of nobody else", () => {
    const mentions = [{ id: "ana", name: "Ana Ruiz", isMe: false }];
    expect(shownOf("**@Ana Ruiz** and @Bo, a@Ana Ruiz", mentions)).toBe(
      "<strong><bdi>@Ana Ruiz</bdi></strong> and @Bo, a@Ana Ruiz",
    );
    expect(shownOf("@Ana Ruiz")).toBe("@Ana Ruiz");
  });

  it("says all the words that were written, in their order", () => {
    const withoutSpace = (text: string): string => text.replace(/[\s•]/g, "");
    for (const text of [...rows.map((row) => row.text), ...textsOfPieces(500)]) {
      const lines = parseMarks(text).filter(({ kind }) => kind !== "fence");
      const words = lines.map((line) => plainLine({ ...line, kind: "text" })).join("\n");
      expect(withoutSpace(readOf(shownOf(text))), text).toBe(withoutSpace(words));
    }
  });
});
