import { describe, expect, it } from "vitest";

import type { Text } from "./catalogue";
import { matchLocale } from "./locale";
import { en } from "./messages/en";
import { es } from "./messages/es";
import { translators } from "./translators.fixture";

function placeholdersOf(text: Text): string[] {
  const sentences = typeof text === "string" ? [text] : Object.values(text);
  const names = sentences.flatMap((sentence) => sentence.match(/\{\w+\}/g) ?? []);
  return [...new Set(names)].sort();
}

describe("the catalogues", () => {
  const keys = Object.keys(en) as (keyof typeof en)[];

  it("have the same keys", () => {
    expect(Object.keys(es).sort()).toEqual([...keys].sort());
  });

  it.each(keys)("say %s in every language, with the same placeholders", (key) => {
    expect(placeholdersOf(es[key])).toEqual(placeholdersOf(en[key]));
    for (const text of [en[key], es[key]]) {
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
