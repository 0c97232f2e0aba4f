/** Presence as values: what each of the server's three ways of telling it means. */
import { isRecord } from "../lib/api/envelope";
import type { Presence, PresenceStatus } from "./types";

export type PresenceById = Readonly<Record<string, Presence>>;
export type PresenceChange = (known: PresenceById) => PresenceById;

const STATUSES = new Set<unknown>(["online", "away", "busy", "offline"]);

export function putPresences(known: PresenceById, presences: readonly Presence[]): PresenceById {
  return { ...known, ...Object.fromEntries(presences.map((presence) => [presence.userId, presence])) };
}

/** `presence_changed`: somebody came or went. Of a status that they chose, nothing is said. */
export function applyPresenceChanged(known: PresenceById, payload: unknown): PresenceById {
  if (!isRecord(payload) || typeof payload.userId !== "string") return known;
  const { userId } = payload;
  const before = known[userId];
  const online = payload.online === true;
  const chosen = before && before.status !== "offline" ? before.status : "online";
  const lastSeenAt = typeof payload.lastSeenAt === "string" ? payload.lastSeenAt : (before?.lastSeenAt ?? null);
  return { ...known, [userId]: { userId, online, status: online ? chosen : "offline", lastSeenAt } };
}

/** `user_status_updated`: somebody chose how to be seen. */
export function applyStatus(known: PresenceById, payload: unknown, now: string): PresenceById {
  if (!isRecord(payload) || typeof payload.userId !== "string" || !STATUSES.has(payload.status)) return known;
  const status = payload.status as PresenceStatus;
  return {
    ...known,
    [payload.userId]: { userId: payload.userId, status, online: status !== "offline", lastSeenAt: now },
  };
}
