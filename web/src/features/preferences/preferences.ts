/** Preferences as values: what they say of a notification. */
import type { NotificationPreferences, NotificationRecord, PreferencesState, QuietHours } from "../../realtime/types";

/** The first types are those of the chat itself; then those of the host, by name. */
const knownTypes = ["chat_message", "job_match", "proposal_response"];

export function listTypes({ types }: NotificationPreferences): readonly string[] {
  const others = Object.keys(types).filter((type) => !knownTypes.includes(type));
  return [...knownTypes.filter((type) => type in types), ...others.sort()];
}

/** “contract_signed” as words: what the host has named for programs is better read than left out. */
export function wordsOf(type: string): string {
  const words = type.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether nothing is left to wait for: they are known, or the server could not say. */
export function isSettled({ preferences, error }: PreferencesState): boolean {
  return preferences !== null || error !== null;
}

/** Until when a room is muted; null when it is not, or not any more. */
export function mutedUntil(preferences: NotificationPreferences | null, roomId: string, now: number): string | null {
  const until = preferences?.mutedRooms[roomId];
  return until !== undefined && Date.parse(until) > now ? until : null;
}

export function isQuiet({ from, until }: QuietHours, timeZone: string, now: number): boolean {
  const clock = clockIn(timeZone, now);
  return from < until ? from <= clock && clock < until : clock >= from || clock < until;
}

/**
 * Whether a page that nobody sees may show the browser's own notification: the same as a push may, by the same rules.
 * What cannot be known forbids nothing.
 */
export function allowsAlert(
  preferences: NotificationPreferences | null,
  { type, data }: Pick<NotificationRecord, "type" | "data">,
  now: number,
): boolean {
  if (preferences === null) return true;
  const { chatRoomId } = data;
  if (typeof chatRoomId === "string" && mutedUntil(preferences, chatRoomId, now) !== null) return false;
  if (preferences.types[type]?.push === false) return false;
  const { quietHours, timeZone } = preferences;
  return quietHours === null || !isQuiet(quietHours, timeZone ?? deviceTimeZone(), now);
}

export function deviceTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** “22:05” on the clocks of a time zone; of this device's when it does not know that one. */
function clockIn(timeZone: string, now: number): string {
  const format = (zone?: string): string =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(
      now,
    );
  try {
    return format(timeZone);
  } catch {
    return format();
  }
}
