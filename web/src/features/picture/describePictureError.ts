import type { ChatError } from "../../lib/api/chatError";
import { isRecord } from "../../lib/api/envelope";
import { describeError } from "../../lib/i18n/describeError";
import type { Translate } from "../../lib/i18n/translate";
import type { TranslatePicture } from "./usePictureTexts";

/** Longer waits are those for the total of a day. */
const SHORT_MS = 120_000;

/** Why a picture was not taken, and what can be done. */
export function describePictureError(error: ChatError, t: TranslatePicture, tOfAll: Translate): string {
  switch (error.code) {
    case "file_refused":
      return t(isRecord(error.details) && error.details.reason === "infected" ? "picture.infected" : "picture.refused");
    case "offline":
      return t("picture.away");
    case "file_not_ready":
      return t("picture.notReady");
    case "limit_reached":
      return t("picture.tooManyWait");
    case "rate_limited":
      return (error.retryAfterMs ?? 0) > SHORT_MS ? t("picture.quota") : describeError(error, tOfAll);
    case "access_denied":
      return t("picture.denied");
    case "not_found":
    case "gone":
    case "conflict":
      return t("picture.lost");
    default:
      return describeError(error, tOfAll);
  }
}
