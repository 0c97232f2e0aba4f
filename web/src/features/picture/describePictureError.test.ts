import { describe, expect, it } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import { describePictureError } from "./describePictureError";
import type { TranslatePicture } from "./usePictureTexts";

const keyOf = (key: string): string => key;

const describeIt = (code: string, retryAfterMs: number | null = null, details: unknown = null): string => {
  const error = new ChatError(code, "", retryAfterMs, details);
  const refusal = ({ code, retryAfterMs }: ChatError) => `as any file: ${code} ${retryAfterMs}`;
  return describePictureError(error, keyOf as TranslatePicture, refusal);
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
    ["unavailable", "as any file: unavailable null"],
  ])("%s is said as %s", (code, key) => {
    expect(describeIt(code)).toBe(key);
  });

  it("tells what is harmful from what cannot be used", () => {
    expect(describeIt("file_refused", null, { reason: "infected" })).toBe("picture.infected");
    expect(describeIt("file_refused", null, { reason: "broken" })).toBe("picture.refused");
  });

  it("says of the total of a day what is said of any file, with the time", () => {
    expect(describeIt("rate_limited", 3_600_000)).toBe("as any file: rate_limited 3600000");
  });
});
