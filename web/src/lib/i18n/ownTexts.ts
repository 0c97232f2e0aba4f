import { fillText, type Catalogue, type Params, type ParamsOf, type TranslationOf } from "./catalogue";
import type { Locale } from "./locale";
import { useTranslation } from "./useTranslation";

export type TranslateOwn<C extends Catalogue> = <K extends keyof C>(key: K, ...params: ParamsOf<C[K]>) => string;

/** A hook for the texts of a part that is loaded later: they are not in the catalogue that every page loads. */
export function createOwnTexts<C extends Catalogue>(
  en: C,
  es: TranslationOf<C>,
): () => { readonly t: TranslateOwn<C> } {
  const translatorOf = (catalogue: TranslationOf<C>, locale: Locale): TranslateOwn<C> => {
    return (key, ...params) => fillText(catalogue[key], (params as [Params?])[0] ?? {}, locale);
  };
  const translators: Readonly<Record<Locale, TranslateOwn<C>>> = {
    en: translatorOf(en as TranslationOf<C>, "en"),
    es: translatorOf(es, "es"),
  };
  return function useOwnTexts() {
    return { t: translators[useTranslation().locale] };
  };
}
