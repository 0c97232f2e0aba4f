import { describe, expect, it } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import type { Translate } from "../../lib/i18n/translate";
import { describePictureError } from "./describePictureError";
import type { TranslatePicture } from "./usePictureTexts";

const keyOf = (key: string): string => key;

const describeIt = (code: string, retryAfterMs: number | null = null, details: unknown = null): string => {
  const error = new ChatError(code, "", retryAfterMs, details);
  return describePictureError(error, keyOf as TranslatePicture, keyOf as Translate);
};

describe("why a picture was not taken", () => {
  it.each([
    ["access_denied", "picture.denied"],
    ["not_found", "picture.lost"],
    ["conflict", "picture.lost"],
    ["gone", "picture.lost"],
    ["limit_reached", "picture.tooManyWait"],
    ["file_not_ready", "picture.notReady"],
    ["offline", "picture.away"],
    ["unavailable", "error.unavailable"],
    ["something new", "error.unknown"],
  ])("%s is said as %s", (code, key) => {
    expect(describeIt(code)).toBe(key);
  });

  it("tells what is harmful from what cannot be used", () => {
    expect(describeIt("file_refused", null, { reason: "infected" })).toBe("picture.infected");
    expect(describeIt("file_refused", null, { reason: "broken" })).toBe("picture.refused");
  });

  it("tells a moment from the total of a day", () => {
    expect(describeIt("rate_limited", 5_000)).toBe("error.rate_limited");
    expect(describeIt("rate_limited", 3_600_000)).toBe("picture.quota");
  });
});
