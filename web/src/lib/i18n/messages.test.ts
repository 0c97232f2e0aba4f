import { describe, expect, it } from "vitest";

import type { Text } from "./catalogue";
import { matchLocale } from "./locale";
import { translators } from "./translators.fixture";

function placeholdersOf(text: Text): string[] {
  const sentences = typeof text === "string" ? [text] : Object.values(text);
  const names = sentences.flatMap((sentence) => sentence.match(/\{\w+\}/g) ?? []);
  return [...new Set(names)].sort();
}

/** By file and language: also those that are loaded later. */
const files = import.meta.glob<Readonly<Record<string, Readonly<Record<string, Text>>>>>("./messages/*.{en,es}.ts", {
  eager: true,
});

function catalogueOf(name: string, language: string): Readonly<Record<string, Text>> {
  return Object.values(files[`./messages/${name}.${language}.ts`] ?? {})[0] ?? {};
}

describe("the catalogues", () => {
  const names = Object.keys(files).flatMap((path) => /([^/]+)\.en\.ts$/.exec(path)?.[1] ?? []);
  const keys = names.flatMap((name) => Object.keys(catalogueOf(name, "en")).map((key) => [name, key] as const));

  it.each(names)("of %s have the same keys", (name) => {
    expect(Object.keys(catalogueOf(name, "es")).sort()).toEqual(Object.keys(catalogueOf(name, "en")).sort());
  });

  it.each(keys)("of %s say %s in every language, with the same placeholders", (name, key) => {
    const texts = ["en", "es"].map((language) => catalogueOf(name, language)[key] ?? "");
    expect(placeholdersOf(texts[1] ?? "")).toEqual(placeholdersOf(texts[0] ?? ""));
    for (const text of texts) {
      for (const sentence of typeof text === "string" ? [text] : Object.values(text as Record<string, string>)) {
        expect(sentence.trim()).not.toBe("");
      }
    }
  });
});

describe("the translators", () => {
  it("speak the language that was asked for", () => {
    expect(translators.en("list.unread", { count: 3 })).toBe("3 unread");
    expect(translators.es("list.unread", { count: 3 })).toBe("3 sin leer");
  });
});

describe("matchLocale", () => {
  it("takes the first of the person's languages that there is, whatever its region", () => {
    expect(matchLocale(["fr-FR", "es-MX", "en-US"])).toBe("es");
  });

  it("takes English when there is none", () => {
    expect(matchLocale(["ja"])).toBe("en");
    expect(matchLocale([])).toBe("en");
  });
});
