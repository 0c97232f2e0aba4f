import { daysBetween, formatTime, regionOf, type DateFormat } from "../../lib/format/dates";
import { isForGood } from "./muteChoices";

/** “Muted”, “Muted until 14:32”, “Muted until Tuesday, 14:32”: as much as tells the moment apart. */
export function describeMute(until: string, now: number, { locale, t }: DateFormat): string {
  if (isForGood(until)) return t("mute.forGood");
  const then = new Date(until);
  const time = formatTime(until, locale);
  if (daysBetween(new Date(now), then) === 0) return t("mute.until", { when: time });
  const day = new Intl.DateTimeFormat(regionOf(locale), { weekday: "short", day: "numeric", month: "short" });
  return t("mute.until", { when: `${day.format(then)}, ${time}` });
}
