/** What narrows a search for messages, as it is chosen, and as it is asked for. */
import type { MessageQuery, Room, User } from "../../realtime/types";

export interface Filters {
  readonly has: "" | "link" | "image" | "file";
  /** An id; empty: anybody's. */
  readonly senderId: string;
  /** Days as a field for dates has them: “2026-11-28”. Both included. */
  readonly since: string;
  readonly until: string;
}

export const NO_FILTERS: Filters = { has: "", senderId: "", since: "", until: "" };

/** Nobody chooses among more. */
const MOST_SENDERS = 200;

export function countActive(filters: Filters): number {
  return Object.values(filters).filter((value) => value !== "").length;
}

/** Days begin and end where the device is. */
export function queryOf(text: string, { has, senderId, since, until }: Filters, roomId?: string): MessageQuery {
  return {
    text,
    roomId,
    has: has === "" ? undefined : has,
    senderId: senderId === "" ? undefined : senderId,
    from: momentOf(since, "00:00:00.000"),
    until: momentOf(until, "23:59:59.999"),
  };
}

function momentOf(day: string, time: string): string | undefined {
  const moment = new Date(`${day}T${time}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** Whom one shares rooms with, by name. */
export function sendersOf(rooms: readonly Room[], me: User | null, locale: string): readonly User[] {
  const people = new Map<string, User>();
  for (const member of rooms.flatMap(({ members }) => members)) if (member.id !== me?.id) people.set(member.id, member);
  const order = new Intl.Collator(locale);
  return [...people.values()].sort((one, other) => order.compare(one.name, other.name)).slice(0, MOST_SENDERS);
}
