import { expect, it } from "vitest";

import type { Text } from "../lib/i18n/catalogue";
import { consoleEn } from "../lib/i18n/messages/console.en";
import { consoleEs } from "../lib/i18n/messages/console.es";

const sentencesOf = (text: Text): string[] => (typeof text === "string" ? [text] : Object.values(text));
const placeholdersOf = (text: Text): string[] =>
  [...new Set(sentencesOf(text).flatMap((sentence) => sentence.match(/\{\w+\}/g) ?? []))].sort();

it.each(Object.keys(consoleEn) as (keyof typeof consoleEn)[])(
  "says %s in every language, with the same placeholders",
  (key) => {
    expect(placeholdersOf(consoleEs[key])).toEqual(placeholdersOf(consoleEn[key]));
    for (const sentence of sentencesOf(consoleEs[key])) expect(sentence.trim()).not.toBe("");
  },
);
