import { useCallback } from "react";
import type { ChatError } from "../api/chatError";
import { describeRefusal } from "./describeRefusal";
import { refusalsEn } from "./messages/refusals.en";
import { refusalsEs } from "./messages/refusals.es";
import { createOwnTexts } from "./ownTexts";
import { useTranslation } from "./useTranslation";

const useRefusalTexts = createOwnTexts(refusalsEn, refusalsEs);

/** Says why a file cannot be sent. */
export function useRefusals(): (error: ChatError) => string {
  const { t } = useRefusalTexts();
  const { t: tOfAll, locale } = useTranslation();
  return useCallback((error) => describeRefusal(error, { t, tOfAll, locale }), [t, tOfAll, locale]);
}
