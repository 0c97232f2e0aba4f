import { describe, expect, it } from "vitest";
import { splitLinks } from "./links";
import { parseMarks, plainLine, plainOf, Style } from "./marks";
import { textsOfManyMarks, textsOfPieces } from "./marks.fixture";
import { isPlain } from "./plain";
import { readTable } from "./tables.fixture";

interface Row {
  readonly kind: string;
  readonly text: string;
  readonly plain: string;
}

const rows = readTable("marks") as readonly Row[];
const texts = [...rows.map(({ text }) => text), ...textsOfPieces(5_000)];

function writtenOf(text: string): string {
  const lines = parseMarks(text).map(({ prefix, spans }) => prefix + spans.map((span) => span.text).join(""));
  return lines.join("\n");
}

describe("plainOf", () => {
  it.each(rows)("takes marks out as the server does: $kind, $text", ({ text, plain }) => {
    expect(plainOf(text)).toBe(plain);
  });

  it("leaves out marks, and nothing else", () => {
    for (const text of texts) {
      const lines = parseMarks(text).filter(({ kind }) => kind !== "fence");
      const read = lines.map(plainLine).join("\n");
      let place = 0;
      for (const character of read.replaceAll("• ", "")) {
        place = text.indexOf(character, place) + 1;
        expect(place, text).toBeGreaterThan(0);
      }
    }
  });
});

describe("parseMarks", () => {
  it("finds in marks and words together what was written", () => {
    for (const text of texts) expect(writtenOf(text)).toBe(text);
  });

  it("takes for marks only what marks are written with, but for the ends of links", () => {
    for (const { spans } of texts.flatMap(parseMarks)) {
      for (const { text, style } of spans) {
        if ((style & Style.mark) !== 0) expect(text).toMatch(/^(?:[*_~`[]+|.*`{3}.*|.*\]\(.*\).*)$/s);
      }
    }
  });

  it("nests lists no deeper than three", () => {
    const depths = texts.flatMap(parseMarks).map(({ depth }) => depth);
    expect(Math.max(...depths)).toBe(2);
    expect(
      parseMarks(Array.from({ length: 9 }, (_, level) => `${"  ".repeat(level)}- a`).join("\n")).at(-1)?.depth,
    ).toBe(2);
  });

  it.each(textsOfManyMarks().map((text) => [text.slice(0, 24), text] as const))(
    "takes time in proportion to the length of %j",
    (_, text) => {
      const started = process.cpuUsage();
      expect(writtenOf(text)).toBe(text);
      plainOf(text);
      // In proportion to its square it would be minutes. The processor's time, as others may use the machine, too.
      expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
    },
    60_000,
  );
});

describe("isPlain", () => {
  it("is true of most messages", () => {
    for (const text of ["Good morning!", "Yes, that is fine.", "¿Puedes empezar antes?", "a - b", "👍"]) {
      expect(isPlain(text), text).toBe(true);
    }
  });

  it("is never true of a text with marks or addresses", () => {
    for (const text of [...texts, "ana@a.example", "+34 600 123 456", "WWW.A.EXAMPLE/b", "Mailto:a@b.example"]) {
      if (!isPlain(text)) continue;
      expect(plainOf(text), text).toBe(text);
      expect(
        parseMarks(text).every((line) => line.kind === "text" && !line.isQuoted),
        text,
      ).toBe(true);
      expect(
        splitLinks(text).every(({ kind }) => kind === "text"),
        text,
      ).toBe(true);
    }
  });
});
