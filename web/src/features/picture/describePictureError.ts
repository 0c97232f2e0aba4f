import type { ChatError } from "../../lib/api/chatError";
import { isRecord } from "../../lib/api/envelope";
import type { TranslatePicture } from "./usePictureTexts";

/** Why a picture was not taken, and what can be done. `describeRefusal`: as for any file (`useRefusals`). */
export function describePictureError(
  error: ChatError,
  t: TranslatePicture,
  describeRefusal: (error: ChatError) => string,
): string {
  switch (error.code) {
    case "file_refused":
      return t(isRecord(error.details) && error.details.reason === "infected" ? "picture.infected" : "picture.refused");
    case "offline":
      return t("picture.away");
    case "file_not_ready":
      return t("picture.notReady");
    case "limit_reached":
      return t("picture.tooManyWait");
    case "access_denied":
      return t("picture.denied");
    case "not_found":
    case "gone":
    case "conflict":
      return t("picture.lost");
    default:
      return describeRefusal(error);
  }
}
