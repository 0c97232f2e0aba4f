import type { ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import type { Translate } from "../../lib/i18n/translate";
import type { TranslatePreferences } from "./usePreferencesTranslation";

/** Why a choice was taken back, in a sentence. */
export function failureText(error: ChatError, t: TranslatePreferences, tellFailure: Translate): string {
  return error.code === "offline"
    ? t("preferences.saveFailedOffline")
    : t("preferences.saveFailed", { reason: describeError(error, tellFailure) });
}
