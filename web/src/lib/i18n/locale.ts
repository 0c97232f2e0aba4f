import { WritableStore, type Store } from "../store";
import { browserLanguages, languageOf } from "./languageTags";

export const locales = ["en", "es"] as const;
export type Locale = (typeof locales)[number];

/** The first of the person's languages that there is a catalogue for; English when there is none. */
export function matchLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const found = locales.find((locale) => languageOf(language) === locale);
    if (found !== undefined) return found;
  }
  return "en";
}

const storageKey = "hyred.locale";
const shown = new WritableStore<Locale>("en");

/** The language of the page, followed by every view. It changes when the language's texts are there. */
export const localeStore: Store<Locale> = shown;

/** The language that was chosen on this device, else the browser's first that there is. */
export function findWantedLocale(): Locale {
  return findStoredLocale() ?? matchLocale(browserLanguages());
}

/** For `translate.ts`, which knows when the texts are there. */
export function showLocale(locale: Locale): void {
  shown.set(locale);
}

export function keepLocale(locale: Locale): void {
  try {
    localStorage.setItem(storageKey, locale);
  } catch {
    // A browser that keeps nothing still shows the language until the page goes.
  }
}

function findStoredLocale(): Locale | null {
  try {
    const stored = localStorage.getItem(storageKey);
    return locales.find((locale) => locale === stored) ?? null;
  } catch {
    return null;
  }
}
