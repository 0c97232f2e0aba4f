import { useMemo } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Language } from "./describeRefusal";
import { useAttachingTexts } from "./useAttachingTexts";

/** Both catalogues, and the language for numbers. */
export function useLanguage(): Language {
  const { t } = useAttachingTexts();
  const { t: tOfAll, locale } = useTranslation();
  return useMemo(() => ({ t, tOfAll, locale }), [t, tOfAll, locale]);
}
