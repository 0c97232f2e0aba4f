import { useMemo } from "react";
import type { Translate } from "../../lib/i18n/translate";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useAttachingTexts, type AttachingTexts } from "./useAttachingTexts";

export interface Language {
  readonly t: AttachingTexts;
  readonly tOfAll: Translate;
  readonly locale: string;
}

/** Both catalogues, and the language for numbers. */
export function useLanguage(): Language {
  const { t } = useAttachingTexts();
  const { t: tOfAll, locale } = useTranslation();
  return useMemo(() => ({ t, tOfAll, locale }), [t, tOfAll, locale]);
}
