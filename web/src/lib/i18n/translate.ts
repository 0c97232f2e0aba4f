import { fillText, type Params, type ParamsOf } from "./catalogue";
import type { Locale } from "./locale";
import { en } from "./messages/en";
import { es } from "./messages/es";

export type Messages = typeof en;
export type MessageKey = keyof Messages;

/** `t("list.unread", { count: 3 })`: the text of a key; a missing key or placeholder is a type error. */
export type Translate = <K extends MessageKey>(key: K, ...params: ParamsOf<Messages[K]>) => string;

const catalogues = { en, es };

function createTranslate(locale: Locale): Translate {
  const catalogue = catalogues[locale];
  return (key, ...params) => fillText(catalogue[key], (params as [Params?])[0] ?? {}, locale);
}

/** One function for each language, the same object every time, so that it may stand in React's dependency lists. */
export const translators: Readonly<Record<Locale, Translate>> = {
  en: createTranslate("en"),
  es: createTranslate("es"),
};
