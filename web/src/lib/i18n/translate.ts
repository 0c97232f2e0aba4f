import { fillText, type Params, type ParamsOf, type TranslationOf } from "./catalogue";
import { findWantedLocale, keepLocale, showLocale, type Locale } from "./locale";
import { en } from "./messages/en";

export type Messages = typeof en;
export type MessageKey = keyof Messages;

/** `t("list.unread", { count: 3 })`: the text of a key; a missing key or placeholder is a type error. */
export type Translate = <K extends MessageKey>(key: K, ...params: ParamsOf<Messages[K]>) => string;

export function createTranslate(catalogue: TranslationOf<Messages>, locale: Locale): Translate {
  return (key, ...params) => fillText(catalogue[key], (params as [Params?])[0] ?? {}, locale);
}

/** English comes with the page; any other language is a file of its own, so that nobody waits for one they do not read. */
const catalogues: Record<Exclude<Locale, "en">, () => Promise<TranslationOf<Messages>>> = {
  es: async () => (await import("./messages/es")).es,
};

/** One function for each language, the same object every time, so that it may stand in React's dependency lists. */
const translators = new Map<Locale, Translate>([["en", createTranslate(en, "en")]]);

/** The texts of a language that is shown. */
export function translatorOf(locale: Locale): Translate {
  return translators.get(locale) ?? createTranslate(en, "en");
}

/** The language that was asked for last: a file that comes late does not take the place of a later choice. */
let wanted: Locale = "en";

/** Chooses a language, for this device. It is shown once its texts are there. */
export async function setLocale(locale: Locale): Promise<void> {
  keepLocale(locale);
  await loadLocale(locale);
}

/** Shows the person's language, or English when its texts cannot be had. Never rejects. */
export async function loadWantedLocale(): Promise<void> {
  await loadLocale(findWantedLocale());
}

async function loadLocale(locale: Locale): Promise<void> {
  wanted = locale;
  try {
    if (locale !== "en" && !translators.has(locale)) {
      translators.set(locale, createTranslate(await catalogues[locale](), locale));
    }
  } catch (error) {
    console.warn("The texts of this language could not be loaded; the page stays in the one it is in.", error);
    return;
  }
  if (wanted === locale) showLocale(locale);
}
