/** When somebody works, as they and the reader see it. A zone that this browser does not know is as good as none. */
import type { WorkingHours } from "../../realtime/types";

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

/** How many minutes a zone's clock is ahead of UTC at a moment; null where the zone is not known here. */
export function offsetOf(zone: string, now: number): number | null {
  const local = clockIn(zone, now);
  if (local === null) return null;
  return Math.round((local.asUtc - Math.floor(now / MINUTE_MS) * MINUTE_MS) / MINUTE_MS);
}

/** Whether a moment is within somebody's hours; null where their zone is not known. Hours over midnight are of the day they begin. */
export function isAtWork({ from, until, days }: WorkingHours, zone: string, now: number): boolean | null {
  const local = clockIn(zone, now);
  if (local === null) return null;
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  const isToday = days.includes(local.weekday);
  if (begin < end) return isToday && local.minutes >= begin && local.minutes < end;
  const yesterday = local.weekday === 1 ? 7 : local.weekday - 1;
  return (isToday && local.minutes >= begin) || (days.includes(yesterday) && local.minutes < end);
}

/** `09:30` moved by some minutes, on the clock of the day that it leads to. */
export function shiftClock(clock: string, minutes: number): string {
  const moved = (((minutesOf(clock) + minutes) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return [Math.floor(moved / 60), moved % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Days from 1 (Monday) to 7 as stretches of days that follow one another: `[1, 2, 3, 5]` is `[[1, 3], [5, 5]]`. */
export function runsOf(days: readonly number[]): (readonly [first: number, last: number])[] {
  const runs: [number, number][] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}

/** A moment on a Monday, Tuesday, … of no particular week, for the names of days: noon in UTC, formatted in UTC. */
export function someDay(day: number): Date {
  return new Date(Date.UTC(2024, 0, day, 12));
}

/** A moment at which UTC's clock shows this time, for its format: formatted in UTC. */
export function someTime(clock: string): Date {
  return new Date(Date.UTC(2024, 0, 1, 0, minutesOf(clock)));
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

interface Clock {
  /** Since midnight. */
  readonly minutes: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
  /** What the clock shows, as if it were UTC's, without seconds: epoch milliseconds. */
  readonly asUtc: number;
}

function clockIn(zone: string, now: number): Clock | null {
  const parts = partsIn(zone, now);
  if (parts === null) return null;
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((each) => each.type === type)?.value);
  const [hour, minute] = [part("hour"), part("minute")];
  const asUtc = Date.UTC(part("year"), part("month") - 1, part("day"), hour, minute);
  return { minutes: hour * 60 + minute, weekday: new Date(asUtc).getUTCDay() || 7, asUtc };
}

function partsIn(timeZone: string, now: number): Intl.DateTimeFormatPart[] | null {
  const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  try {
    return new Intl.DateTimeFormat("en", { ...fields, hourCycle: "h23", timeZone }).formatToParts(now);
  } catch {
    return null;
  }
}
