import { useSyncExternalStore } from "react";

import { localeStore, type Locale } from "./locale";
import { translatorOf, type Translate } from "./translate";

/** The texts in the language of the page; renders again when somebody chooses another. */
export function useTranslation(): { readonly t: Translate; readonly locale: Locale } {
  const locale = useSyncExternalStore(localeStore.subscribe, localeStore.getSnapshot);
  return { t: translatorOf(locale), locale };
}
