import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { currentTime, currentZone, followClock, TICK_MS } from "./clock";
import { formatDay, formatTime } from "./dates";
import { translators } from "../i18n/translators.fixture";

const moment = "2026-03-18T02:16:00.000Z";
const before = process.env.TZ;
let end: () => void = () => undefined;
const onTick = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-18T12:00:00.000Z") });
  process.env.TZ = "Europe/Madrid";
  onTick.mockReset();
  end = followClock(onTick);
});

afterEach(() => {
  end();
  vi.useRealTimers();
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

describe("the page's clock", () => {
  it("follows the device into another time zone within one tick: times and days", () => {
    const madrid = currentZone();
    expect(formatTime(moment, "es")).toBe("3:16");
    process.env.TZ = "Asia/Tokyo";
    vi.advanceTimersByTime(TICK_MS);
    expect(currentZone()).not.toBe(madrid);
    expect(formatTime(moment, "es")).toBe("11:16");
    process.env.TZ = "America/Los_Angeles";
    vi.advanceTimersByTime(TICK_MS);
    expect(formatTime(moment, "es")).toBe("19:16");
    expect(formatDay(moment, currentTime(), { locale: "en", t: translators.en })).toBe("Yesterday");
  });

  it.each(["visibilitychange", "focus", "pageshow"])("is right as soon as somebody looks again (%s)", (name) => {
    vi.setSystemTime(Date.parse("2026-03-19T08:00:00.000Z")); // a suspended tab had no ticks
    process.env.TZ = "Asia/Tokyo";
    (name === "visibilitychange" ? document : window).dispatchEvent(new Event(name));
    expect(onTick).toHaveBeenCalled();
    expect(currentTime()).toBe(Date.now());
    expect(formatTime(moment, "es")).toBe("11:16");
  });

  it.each([-3_600_000, -86_400_000, 86_400_000])("goes along when the device's clock is set by %i ms", (byMs) => {
    vi.setSystemTime(Date.now() + byMs);
    vi.advanceTimersByTime(TICK_MS);
    expect(currentTime()).toBe(Date.now());
  });

  it("stands still while nobody follows it, and is right for the next who does", () => {
    end();
    expect(vi.getTimerCount()).toBe(0);
    vi.setSystemTime(Date.now() + 60_000);
    end = followClock(onTick);
    expect(currentTime()).toBe(Date.now());
  });
});
