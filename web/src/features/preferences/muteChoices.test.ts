import { describe, expect, it } from "vitest";

import { translators } from "../../lib/i18n/translators.fixture";
import { describeMute } from "./describeMute";
import { isForGood, muteChoices, untilOf } from "./muteChoices";

const now = new Date(2026, 2, 1, 14, 30).getTime();
const format = { locale: "en", t: translators.en };

describe("untilOf", () => {
  it("is as far away as was chosen", () => {
    const hours = muteChoices.slice(0, 3).map((choice) => (Date.parse(untilOf(choice, now)) - now) / 3_600_000);
    expect(hours).toEqual([1, 8, 168]);
  });

  it("is a moment that the server can write down, and that nobody will live to see, for good", () => {
    const until = untilOf("always", now);
    expect(until).toMatch(/^9999-01-01T/);
    expect(muteChoices.map((choice) => isForGood(untilOf(choice, now)))).toEqual([false, false, false, true]);
  });
});

describe("describeMute", () => {
  it("says the time, with the day when it is another one, and nothing more when it is for good", () => {
    expect(describeMute(untilOf("hour", now), now, format)).toMatch(/^Muted until 3:30\sPM$/);
    expect(describeMute(untilOf("week", now), now, format)).toMatch(/^Muted until Sun, Mar 8, 2:30\sPM$/);
    expect(describeMute(untilOf("always", now), now, format)).toBe("Muted");
  });
});
