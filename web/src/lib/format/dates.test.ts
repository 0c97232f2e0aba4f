import { describe, expect, it } from "vitest";

import { translators } from "../i18n/translators.fixture";
import { daysBetween, formatAgo, formatDay, formatShort, regionOf } from "./dates";

// A Wednesday, in the time zone of whoever runs this.
const now = new Date(2026, 2, 18, 15, 0, 0).getTime();
const at = (...parts: [number, number, number, number, number]): string => new Date(...parts).toISOString();
const es = { locale: "es", t: translators.es };
const en = { locale: "en", t: translators.en };

describe("formatShort", () => {
  it.each([
    ["now", at(2026, 2, 18, 14, 59).replace("00.000Z", "30.000Z")],
    ["5 min", at(2026, 2, 18, 14, 55)],
    ["59 min", at(2026, 2, 18, 14, 1)],
    ["Yesterday", at(2026, 2, 17, 23, 59)],
    ["Fri", at(2026, 2, 13, 9, 0)],
  ])("says %s", (expected, moment) => {
    expect(formatShort(moment, now, en)).toBe(expected);
  });

  it("says the time of today's older moments", () => {
    expect(formatShort(at(2026, 2, 18, 9, 5), now, es)).toBe("9:05");
  });

  it("says the date of what is a week old, and the year of what is older than this one", () => {
    expect(formatShort(at(2026, 2, 11, 9, 0), now, es)).toBe("11 mar");
    expect(formatShort(at(2025, 10, 3, 9, 0), now, es)).toMatch(/^3 nov\.? 2025$/);
  });

  it("says now of a moment that this device's clock thinks is still to come", () => {
    expect(formatShort(new Date(now + 90_000).toISOString(), now, en)).toBe("now");
  });

  it("says the time or the date of what is further ahead: the device's clock was set back", () => {
    expect(formatShort(at(2026, 2, 18, 17, 5), now, es)).toBe("17:05");
    expect(formatShort(at(2026, 2, 20, 9, 5), now, es)).toBe("20 mar");
    expect(formatDay(at(2026, 2, 20, 9, 5), now, es)).toBe("20 de marzo");
    expect(formatAgo(at(2026, 2, 20, 9, 5), now, "es")).toBe("20 de marzo");
  });

  it("says yesterday shortly after midnight, though it was an hour and a half ago", () => {
    const afterMidnight = new Date(2026, 2, 18, 0, 45).getTime();
    expect(formatShort(at(2026, 2, 17, 23, 15), afterMidnight, es)).toBe("Ayer");
  });
});

describe("formatDay", () => {
  it.each([
    ["Hoy", at(2026, 2, 18, 0, 1)],
    ["Ayer", at(2026, 2, 17, 0, 1)],
    ["Viernes", at(2026, 2, 13, 9, 0)],
    ["11 de marzo", at(2026, 2, 11, 9, 0)],
    ["3 de noviembre de 2025", at(2025, 10, 3, 9, 0)],
  ])("says %s", (expected, moment) => {
    expect(formatDay(moment, now, es)).toBe(expected);
  });
});

describe("formatAgo", () => {
  it("counts minutes, then names the day with the time, then the date", () => {
    expect(formatAgo(at(2026, 2, 18, 14, 55), now, "es")).toBe("hace 5 minutos");
    expect(formatAgo(at(2026, 2, 17, 9, 5), now, "es")).toBe("ayer, 9:05");
    expect(formatAgo(at(2026, 2, 11, 9, 5), now, "es")).toBe("11 de marzo");
  });
});

describe("daysBetween", () => {
  it("counts midnights of the calendar, not spans of 24 hours", () => {
    expect(daysBetween(new Date(2026, 2, 17, 23, 59), new Date(2026, 2, 18, 0, 1))).toBe(1);
    expect(daysBetween(new Date(2026, 2, 28, 12), new Date(2026, 2, 30, 1))).toBe(2);
  });
});

describe("regionOf", () => {
  it("keeps the person's own variant of the language that was chosen", () => {
    expect(regionOf("en", ["es-MX", "en-GB"])).toBe("en-GB");
    expect(regionOf("en", ["es-MX"])).toBe("en");
  });

  it.each([["en-US@posix"], ["en_US.UTF-8"], ["en-"], ["en-US-u-hc-h99"], ["C"], [""], []])(
    "is a tag that dates can be written by, whatever the browser's languages are called: %s",
    (...languages) => {
      expect(() => new Intl.DateTimeFormat(regionOf("en", languages)).format(now)).not.toThrow();
    },
  );
});
