/** How long a conversation can be muted. */

export const muteChoices = ["hour", "eightHours", "week", "always"] as const;
export type MuteChoice = (typeof muteChoices)[number];

const hourMs = 3_600_000;
const lengthMs = { hour: hourMs, eightHours: 8 * hourMs, week: 7 * 24 * hourMs };
/** The server has moments only: this one nobody will live to see. */
const never = "9999-01-01T00:00:00.000Z";
const farAwayMs = Date.parse("9000-01-01T00:00:00.000Z");

/** The moment at which it ends, ISO-8601. */
export function untilOf(choice: MuteChoice, now: number): string {
  return choice === "always" ? never : new Date(now + lengthMs[choice]).toISOString();
}

/** Muted until somebody unmutes it. */
export function isForGood(until: string): boolean {
  return Date.parse(until) >= farAwayMs;
}
