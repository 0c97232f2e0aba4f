import { describe, expect, it } from "vitest";

import { isAtWork, offsetOf, runsOf, shiftClock, someDay, someTime } from "./workday";

const WINTER = Date.parse("2026-01-14T08:30:00Z"); // a Wednesday
const SUMMER = Date.parse("2026-07-15T08:30:00Z");
const DAYS = { from: "09:00", until: "17:00", days: [1, 2, 3, 4, 5] };
const NIGHTS = { from: "22:00", until: "06:00", days: [5] };

describe("a zone", () => {
  it("is ahead of UTC by as much as its clock shows, in summer and in winter", () => {
    expect([offsetOf("Asia/Manila", WINTER), offsetOf("Asia/Kolkata", WINTER)]).toEqual([480, 330]);
    expect([offsetOf("Europe/Madrid", WINTER), offsetOf("Europe/Madrid", SUMMER)]).toEqual([60, 120]);
    expect(offsetOf("America/Chicago", Date.parse("2026-01-01T03:00:00Z"))).toBe(-360);
  });

  it("that nobody knows has no clock", () => {
    expect(offsetOf("Atlantis/Capital", WINTER)).toBeNull();
    expect(isAtWork(DAYS, "Atlantis/Capital", WINTER)).toBeNull();
  });
});

describe("somebody", () => {
  const at = (hours: typeof DAYS, moment: string): boolean | null =>
    isAtWork(hours, "Europe/Madrid", Date.parse(moment));

  it("is at work from the first minute to before the last, on the days they work", () => {
    expect(at(DAYS, "2026-01-14T07:59:00Z")).toBe(false);
    expect(at(DAYS, "2026-01-14T08:00:00Z")).toBe(true);
    expect(at(DAYS, "2026-01-14T15:59:00Z")).toBe(true);
    expect(at(DAYS, "2026-01-14T16:00:00Z")).toBe(false);
    expect(at(DAYS, "2026-01-17T10:00:00Z")).toBe(false); // a Saturday
  });

  it("who works over midnight is at work in the morning after", () => {
    expect(at(NIGHTS, "2026-01-16T20:59:00Z")).toBe(false);
    expect(at(NIGHTS, "2026-01-16T21:00:00Z")).toBe(true);
    expect(at(NIGHTS, "2026-01-17T04:59:00Z")).toBe(true);
    expect(at(NIGHTS, "2026-01-17T05:00:00Z")).toBe(false);
    expect(at(NIGHTS, "2026-01-16T03:00:00Z")).toBe(false); // the night before their first
  });
});

describe("hours and days", () => {
  it("move over midnight in both directions", () => {
    expect(shiftClock("09:00", -420)).toBe("02:00");
    expect(shiftClock("01:30", -150)).toBe("23:00");
    expect(shiftClock("22:45", 330)).toBe("04:15");
  });

  it("stand together where they follow one another", () => {
    expect(runsOf([7, 1, 2, 3, 5])).toEqual([
      [1, 3],
      [5, 5],
      [7, 7],
    ]);
    expect(runsOf([])).toEqual([]);
  });

  it("have names and forms in every language", () => {
    const day = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" });
    expect([1, 2, 3, 4, 5, 6, 7].map((number) => day.format(someDay(number))).join(" ")).toBe(
      "Mon Tue Wed Thu Fri Sat Sun",
    );
    const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });
    expect(time.format(someTime("09:30"))).toBe("09:30");
  });
});
