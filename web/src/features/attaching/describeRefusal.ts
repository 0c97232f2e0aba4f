/** Why a file cannot be sent, in the language of the page. */
import type { ChatError } from "../../lib/api/chatError";
import { sizeOf } from "../../lib/format/fileSize";
import { describeError } from "../../lib/i18n/describeError";
import type { Translate } from "../../lib/i18n/translate";
import type { Problem } from "./problems";
import type { AttachingTexts } from "./useAttachingTexts";

export interface Language {
  readonly t: AttachingTexts;
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

export function describeRefusal(error: ChatError, { t, tOfAll, locale }: Language): string {
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

export function describeProblem(problem: Problem, language: Language): string {
  const { t } = language;
  switch (problem.kind) {
    case "tooMany":
      return t("problem.tooMany", { count: problem.count });
    case "folder":
      return t("problem.folder", { name: problem.name });
    case "microphone":
      return t(`problem.${problem.reason}`);
    case "file":
      return t("problem.file", { name: problem.name, reason: describeRefusal(problem.error, language) });
  }
}

const MINUTE_MS = 60_000;

/** “in 40 minutes”, “in 3 hours”: rounded up, so that it is true then. */
function formatWait(milliseconds: number, locale: string): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / MINUTE_MS));
  const format = new Intl.RelativeTimeFormat(locale);
  return minutes < 60 ? format.format(minutes, "minute") : format.format(Math.ceil(minutes / 60), "hour");
}
