import type { ReactNode } from "react";

import { regionOf } from "../../lib/format/dates";
import { useNow, useTimeZone } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Profile, WorkingHours } from "../../realtime/types";
import { Fact } from "./Fact";
import { usePeopleTexts, type TranslatePeople } from "./usePeopleTexts";
import { isAtWork, offsetOf, runsOf, shiftClock, someDay, someTime } from "./workday";

/** What time it is where somebody is, and when they work: as far as the host tells, and as it is for the reader. */
export function WorkFacts({ profile: { timeZone, workingHours } }: { readonly profile: Profile }): ReactNode {
  const { t } = usePeopleTexts();
  const { locale } = useTranslation();
  useTimeZone();
  const now = useNow();
  const theirs = timeZone === null ? null : offsetOf(timeZone, now);
  const ahead = theirs === null ? null : theirs + new Date(now).getTimezoneOffset();
  const isWorking = workingHours === null || timeZone === null ? null : isAtWork(workingHours, timeZone, now);
  const atWork = isWorking === null ? [] : [t(isWorking ? "info.isWorking" : "info.isOff")];
  return (
    <>
      {timeZone !== null && ahead !== null && (
        <Fact
          label={t("info.localTime")}
          value={formatClock(new Date(now), locale, timeZone)}
          notes={[describeDistance(ahead, locale, t)]}
        />
      )}
      {workingHours !== null && (
        <Fact
          label={t("info.works")}
          value={`${describeDays(workingHours.days, locale, t)}, ${describeHours(workingHours, locale)}`}
          notes={[
            ...(ahead === null || ahead === 0 ? [] : [describeMoved(workingHours, -ahead, locale, t)]),
            ...atWork,
          ]}
        />
      )}
    </>
  );
}

/** “7 hours ahead of you”. */
function describeDistance(minutes: number, locale: string, t: TranslatePeople): string {
  if (minutes === 0) return t("info.same");
  const format = new Intl.NumberFormat(locale, { style: "unit", unit: "hour", unitDisplay: "long" });
  const hours = format.format(Math.abs(minutes) / 60);
  return t(minutes > 0 ? "info.ahead" : "info.behind", { hours });
}

function describeMoved({ from, until }: WorkingHours, minutes: number, locale: string, t: TranslatePeople): string {
  const moved = { from: shiftClock(from, minutes), until: shiftClock(until, minutes) };
  return t("info.yourTime", { hours: describeHours(moved, locale) });
}

function describeHours({ from, until }: Pick<WorkingHours, "from" | "until">, locale: string): string {
  return `${formatClock(someTime(from), locale, "UTC")}–${formatClock(someTime(until), locale, "UTC")}`;
}

/** “Mon–Fri”, “Mon, Wed–Fri”, “every day”. */
function describeDays(days: readonly number[], locale: string, t: TranslatePeople): string {
  if (days.length === 7) return t("info.everyDay");
  const format = new Intl.DateTimeFormat(regionOf(locale), { weekday: "short", timeZone: "UTC" });
  const nameOf = (day: number): string => format.format(someDay(day));
  return runsOf(days)
    .map(([first, last]) => (first === last ? nameOf(first) : `${nameOf(first)}–${nameOf(last)}`))
    .join(", ");
}

function formatClock(moment: Date, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(regionOf(locale), { hour: "numeric", minute: "2-digit", timeZone }).format(moment);
}
