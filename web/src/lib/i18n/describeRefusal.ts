/** Why a file cannot be sent, in the language of the page. */
import type { ChatError } from "../api/chatError";
import { sizeOf } from "../format/fileSize";
import { describeError } from "./describeError";
import type { refusalsEn } from "./messages/refusals.en";
import type { TranslateOwn } from "./ownTexts";
import type { Translate } from "./translate";

export interface RefusalLanguage {
  readonly t: TranslateOwn<typeof refusalsEn>;
  readonly tOfAll: Translate;
  readonly locale: string;
}

type RefusalKey = "refused.empty" | "refused.broken" | "refused.tooComplex" | "refused.infected";

const REASONS: ReadonlyMap<unknown, RefusalKey> = new Map([
  ["empty", "refused.empty"],
  ["broken", "refused.broken"],
  ["too_complex", "refused.tooComplex"],
  ["infected", "refused.infected"],
] as const);

export function describeRefusal(error: ChatError, { t, tOfAll, locale }: RefusalLanguage): string {
  const details = (error.details ?? {}) as { readonly maxBytes?: unknown; readonly reason?: unknown };
  switch (error.code) {
    case "too_large":
      return typeof details.maxBytes === "number"
        ? t("refused.tooLarge", { size: sizeOf(details.maxBytes, locale) })
        : t("refused.tooLargeUnknown");
    case "file_refused":
      return t(REASONS.get(details.reason) ?? "refused.failed");
    case "rate_limited":
      return error.retryAfterMs === null
        ? t("refused.quotaUnknown")
        : t("refused.quota", { when: formatWait(error.retryAfterMs, locale) });
    case "limit_reached":
      return t("refused.tooManyHere");
    default:
      return describeError(error, tOfAll);
  }
}

/** Whether another attempt can end otherwise: not with what the file itself is. */
export function canRetry(error: ChatError | null): boolean {
  if (error?.code === "too_large") return false;
  return error?.code !== "file_refused" || !REASONS.has((error.details as { reason?: unknown } | null)?.reason);
}

const MINUTE_MS = 60_000;

/** “in 40 minutes”, “in 3 hours”: rounded up, so that it is true then. */
function formatWait(milliseconds: number, locale: string): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / MINUTE_MS));
  const format = new Intl.RelativeTimeFormat(locale);
  return minutes < 60 ? format.format(minutes, "minute") : format.format(Math.ceil(minutes / 60), "hour");
}
