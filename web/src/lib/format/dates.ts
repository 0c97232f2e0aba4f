/** Dates in words, by the language and the time zone of the device. `moment` is what the server says: ISO-8601. */
import { browserLanguages, languageOf, toStandardTag } from "../i18n/languageTags";
import { currentZone } from "./clock";
import type { Translate } from "../i18n/translate";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** So much may a device's clock be behind the server's. What is further ahead is said as what it is: another time. */
const skewMs = 5 * minuteMs;

export interface DateFormat {
  readonly locale: string;
  readonly t: Translate;
}

/** “14:32” or “2:32 PM”, as the language writes it. */
export function formatTime(moment: string, locale: string): string {
  return dateFormat(locale, { hour: "numeric", minute: "2-digit" }).format(new Date(moment));
}

/** Date and time in full, for tooltips: “Sunday, 22 November 2026, 14:32”. */
export function formatFull(moment: string, locale: string): string {
  return dateFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(new Date(moment));
}

/** The shortest that tells it apart, for lists: “now”, “5 min”, “14:32”, “Yesterday”, “Tue”, “3 Mar”, “3 Mar 2025”. */
export function formatShort(moment: string, now: number, { locale, t }: DateFormat): string {
  const then = new Date(moment);
  const age = now - then.getTime();
  if (isNow(age)) return t("time.now");
  if (age >= 0 && age < hourMs) return formatMinutes(Math.floor(age / minuteMs), locale);
  const days = daysBetween(then, new Date(now));
  if (days === 0) return formatTime(moment, locale);
  if (days === 1) return t("time.yesterday");
  if (days > 0 && days < 7) return dateFormat(locale, { weekday: "short" }).format(then);
  return formatDate(then, now, "short", locale);
}

/** A day as a heading: “Today”, “Yesterday”, “Tuesday”, “3 March”, “3 March 2025”. */
export function formatDay(moment: string, now: number, { locale, t }: DateFormat): string {
  const then = new Date(moment);
  const days = daysBetween(then, new Date(now));
  if (days === 0 || isNow(now - then.getTime())) return t("time.today");
  if (days === 1) return t("time.yesterday");
  if (days > 0 && days < 7) return capitalize(dateFormat(locale, { weekday: "long" }).format(then), locale);
  return formatDate(then, now, "long", locale);
}

/** Inside a sentence: “5 minutes ago”, “today, 14:32”, “yesterday, 14:32”, “3 March”. */
export function formatAgo(moment: string, now: number, locale: string): string {
  const then = new Date(moment);
  const age = now - then.getTime();
  const relative = relativeFormat(locale);
  if (isNow(age)) return relative.format(0, "second");
  if (age >= 0 && age < hourMs) return relative.format(-Math.floor(age / minuteMs), "minute");
  const days = daysBetween(then, new Date(now));
  if (days === 0 || days === 1) return `${relative.format(-days, "day")}, ${formatTime(moment, locale)}`;
  return formatDate(then, now, "long", locale);
}

function isNow(age: number): boolean {
  return age < minuteMs && age > -skewMs;
}

/** How many midnights lie between two moments on this device's calendar. */
export function daysBetween(then: Date, now: Date): number {
  const dayOf = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((dayOf(now) - dayOf(then)) / (24 * hourMs));
}

function formatMinutes(minutes: number, locale: string): string {
  return cached(`minutes ${locale}`, () => {
    return new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "short" });
  }).format(minutes);
}

function formatDate(then: Date, now: number, month: "short" | "long", locale: string): string {
  const isThisYear = then.getFullYear() === new Date(now).getFullYear();
  return dateFormat(locale, { day: "numeric", month, ...(isThisYear ? {} : { year: "numeric" }) }).format(then);
}

function capitalize(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `date ${currentZone()} ${locale} ${JSON.stringify(options)}`;
  return cached(key, () => new Intl.DateTimeFormat(regionOf(locale), options));
}

function relativeFormat(locale: string): Intl.RelativeTimeFormat {
  return cached(`relative ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
}

/** The person's own variant of the language where they have one, so that somebody in London reads “3 March”, “14:32”. */
export function regionOf(locale: string, languages = browserLanguages()): string {
  const variants = languages.filter((language) => languageOf(language) === locale).map(toStandardTag);
  return variants.find((variant) => variant !== null) ?? locale;
}

/** Making a format costs a hundred times more than using it, and a list needs one for each row. */
const formats = new Map<string, unknown>();
/** Eight kinds of dates in two languages, and a few time zones. */
const MOST_FORMATS = 64;

function cached<F>(key: string, create: () => F): F {
  const known = formats.get(key) as F | undefined;
  if (known !== undefined) return known;
  const made = create();
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(key, made);
  return made;
}
