import { fillText, type Params, type ParamsOf } from "../../lib/i18n/catalogue";
import type { Locale } from "../../lib/i18n/locale";
import { preferencesEn } from "../../lib/i18n/messages/preferences.en";
import { preferencesEs } from "../../lib/i18n/messages/preferences.es";
import { useTranslation } from "../../lib/i18n/useTranslation";

type Texts = typeof preferencesEn;

export type TranslatePreferences = <K extends keyof Texts>(key: K, ...params: ParamsOf<Texts[K]>) => string;

function createTranslate(catalogue: Readonly<Record<keyof Texts, string>>, locale: Locale): TranslatePreferences {
  return (key, ...params) => fillText(catalogue[key], (params as [Params?])[0] ?? {}, locale);
}

const translators: Readonly<Record<Locale, TranslatePreferences>> = {
  en: createTranslate(preferencesEn, "en"),
  es: createTranslate(preferencesEs, "es"),
};

/** The texts of this screen, which are not in the catalogue that every page loads. */
export function usePreferencesTranslation(): { readonly t: TranslatePreferences } {
  return { t: translators[useTranslation().locale] };
}
