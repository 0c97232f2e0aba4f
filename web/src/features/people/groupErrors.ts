import type { ChatError } from "../../lib/api/chatError";
import { isRecord } from "../../lib/api/envelope";
import { describeError } from "../../lib/i18n/describeError";
import type { Translate } from "../../lib/i18n/translate";
import type { TranslatePeople } from "./usePeopleTexts";

/** Why something was refused that somebody wanted to do in a group. */
export function describeGroupError(error: ChatError, t: TranslatePeople, tOfAll: Translate): string {
  const details = isRecord(error.details) ? error.details : undefined;
  const limit = details?.limit;
  if (error.code === "access_denied") return t("group.denied");
  if (error.code === "not_found") return t("group.gone");
  if (error.code === "room_blocked" && details?.blockedMemberIds !== undefined) return t("group.apart");
  if (error.code === "limit_reached" && typeof limit === "number") return t("group.full", { limit });
  return describeError(error, tOfAll);
}
