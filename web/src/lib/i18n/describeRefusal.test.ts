import { expect, it } from "vitest";
import { ChatError } from "../api/chatError";
import { fillText, type Params } from "./catalogue";
import { canRetry, describeRefusal, type RefusalLanguage } from "./describeRefusal";
import { refusalsEn } from "./messages/refusals.en";
import { translators } from "./translators.fixture";

const t: RefusalLanguage["t"] = (key, ...params) => fillText(refusalsEn[key], (params as [Params?])[0] ?? {}, "en");
const language: RefusalLanguage = { t, tOfAll: translators.en, locale: "en" };
const plain = (text: string) => text.replace(/[\u2066-\u2069]/g, "");
const say = (code: string, details: unknown = null, retryAfterMs: number | null = null) =>
  plain(describeRefusal(new ChatError(code, "", retryAfterMs, details), language));

it.each([
  ["too_large", { maxBytes: 26_214_400 }, "Too large: at most 26 MB"],
  ["too_large", null, "Too large"],
  ["file_refused", { reason: "empty" }, "The file is empty"],
  ["file_refused", { reason: "broken" }, "The file is broken, or not what its name says"],
  ["file_refused", { reason: "too_complex" }, "Too much to look through: it has too many pixels or pages"],
  ["file_refused", { reason: "infected" }, "It contains malicious software"],
  ["file_refused", { reason: "of a newer server" }, "It could not be checked"],
  ["rate_limited", null, "You have sent as much as a day allows. Try again later"],
  ["access_denied", null, translators.en("error.access_denied")],
])("says why a file was refused: %s %j", (code, details, words) => {
  expect(say(code, details)).toBe(words);
});

it("offers another attempt where that can help", () => {
  const canHelp = (code: string, reason?: string) => canRetry(new ChatError(code, "", null, { reason }));
  expect(["failed", "of a newer server"].map((reason) => canHelp("file_refused", reason))).toEqual([true, true]);
  expect(["broken", "infected", "too_complex"].map((reason) => canHelp("file_refused", reason))).not.toContain(true);
  expect(["too_large", "rate_limited", "offline"].map((code) => canHelp(code))).toEqual([false, true, true]);
});

it("says when the next day's files can go", () => {
  expect(say("rate_limited", null, 90_000)).toContain("Try again in 2 minutes");
  expect(say("rate_limited", null, 2.5 * 3_600_000)).toContain("Try again in 3 hours");
});
