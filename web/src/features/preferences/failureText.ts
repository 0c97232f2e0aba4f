import type { ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import type { Translate } from "../../lib/i18n/translate";

/** Why a choice was taken back, in a sentence. */
export function failureText(error: ChatError, t: Translate): string {
  return error.code === "offline"
    ? t("preferences.saveFailedOffline")
    : t("preferences.saveFailed", { reason: describeError(error, t) });
}
