/** The bell's list as values. */
import type { NotificationRecord } from "./types";

export const MAX_NOTIFICATIONS = 100;

type Items = readonly NotificationRecord[];

/** Whether it tells of messages: those are news of the list of rooms, and not of the bell's. */
export function isOfMessages({ type }: Pick<NotificationRecord, "type">): boolean {
  return type === "chat_message";
}

/** What tells a notification from the one that it was before it grew. */
export type NotificationVersion = Pick<NotificationRecord, "id" | "createdAt" | "data">;

/**
 * The newest first, each once and as it was last, at most `limit` of messages and as many others. What one list calls read is read, however old that
 * list is: until it grows, a notification does not become unread again.
 */
export function mergeNotifications(limit: number, ...lists: Items[]): Items {
  const byId = new Map<string, NotificationRecord>();
  for (const record of lists.flat()) {
    const known = byId.get(record.id);
    byId.set(record.id, known === undefined ? record : newerOf(known, record));
  }
  const sorted = [...byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  // Those of messages, of which the list of rooms tells, push none of the others out.
  const [ofMessages, others] = [sorted.filter(isOfMessages), sorted.filter((record) => !isOfMessages(record))];
  const most = new Set([...others.slice(0, limit), ...ofMessages.slice(0, limit)]);
  return sorted.filter((record) => most.has(record));
}

function newerOf(known: NotificationRecord, record: NotificationRecord): NotificationRecord {
  if (isNewer(record, known)) return record;
  if (isNewer(known, record)) return known;
  // The same: the server lists what it told of live a moment later, under a time and perhaps a text of its own.
  const later = record.createdAt > known.createdAt ? record : known;
  return later.read === (known.read || record.read) ? later : { ...later, read: true };
}

/**
 * A conversation has one notification, which grows: the same id, a later message. Its time says less than the number
 * of the message: live it is that of the message, in the server's list that of being listed.
 */
export function isNewer(record: NotificationVersion, known: NotificationVersion): boolean {
  const [seq, knownSeq] = [seqOf(record), seqOf(known)];
  if (seq !== null && knownSeq !== null) return seq > knownSeq;
  return record.createdAt > known.createdAt;
}

/** As little of it as tells its versions apart. */
export function versionOf({ id, createdAt, data }: NotificationRecord): NotificationVersion {
  const { chatRoomId, seq } = data;
  return { id, createdAt, data: typeof chatRoomId === "string" ? { chatRoomId, seq } : {} };
}

export function readNotifications(items: Items, ids: ReadonlySet<string>): Items {
  return items.map((record) => (ids.has(record.id) && !record.read ? withoutText({ ...record, read: true }) : record));
}

/** Of what messages said nothing stays: they may be deleted, and what is read or kept of them is not shown. */
export function withoutText(record: NotificationRecord): NotificationRecord {
  return isOfMessages(record) ? { ...record, body: "" } : record;
}

/** Unread ones of messages that were read in their room, here or anywhere else. */
export function readInRooms(items: Items, lastReadSeqOf: (roomId: string) => number): Set<string> {
  return new Set(items.filter((record) => !record.read && isReadInRoom(record, lastReadSeqOf)).map(({ id }) => id));
}

export function isReadInRoom(record: NotificationVersion, lastReadSeqOf: (roomId: string) => number): boolean {
  const { chatRoomId } = record.data;
  const seq = seqOf(record);
  return typeof chatRoomId === "string" && seq !== null && seq <= lastReadSeqOf(chatRoomId);
}

function seqOf({ data }: NotificationVersion): number | null {
  return typeof data.chatRoomId === "string" && typeof data.seq === "number" ? data.seq : null;
}
