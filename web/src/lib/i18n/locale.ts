import { WritableStore, type Store } from "../store";

export const locales = ["en", "es"] as const;
export type Locale = (typeof locales)[number];

const storageKey = "hyred.locale";
const chosen = new WritableStore<Locale>(findStoredLocale() ?? matchLocale(navigator.languages));

/** The language of the page, followed by every view. */
export const localeStore: Store<Locale> = chosen;

/** Chooses a language, for this device. */
export function setLocale(locale: Locale): void {
  chosen.set(locale);
  try {
    localStorage.setItem(storageKey, locale);
  } catch {
    // A browser that keeps nothing still shows the language until the page goes.
  }
}

/** The first of the person's languages that there is a catalogue for; English when there is none. */
export function matchLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const found = locales.find((locale) => language.toLowerCase().split("-")[0] === locale);
    if (found !== undefined) return found;
  }
  return "en";
}

function findStoredLocale(): Locale | null {
  try {
    const stored = localStorage.getItem(storageKey);
    return locales.find((locale) => locale === stored) ?? null;
  } catch {
    return null;
  }
}
