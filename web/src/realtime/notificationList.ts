/** The bell's list as values. */
import type { NotificationRecord, NotificationsState } from "./types";

export const MAX_NOTIFICATIONS = 100;

type Items = readonly NotificationRecord[];

/** The newest first, each once and as it was last, at most 100; one that was read anywhere is read until it grows. */
export function mergeNotifications(...lists: Items[]): Items {
  const byId = new Map<string, NotificationRecord>();
  for (const record of lists.flat()) {
    const known = byId.get(record.id);
    if (known === undefined || isNewer(record, known) || (record.createdAt === known.createdAt && record.read))
      byId.set(record.id, record);
  }
  const sorted = [...byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return sorted.slice(0, MAX_NOTIFICATIONS);
}

/** A conversation has one notification, which grows: the same id, a later time. */
export function isNewer(record: NotificationRecord, known: NotificationRecord): boolean {
  return record.createdAt > known.createdAt;
}

export function readNotifications(items: Items, ids: ReadonlySet<string>): Items {
  return items.map((record) => (ids.has(record.id) && !record.read ? { ...record, read: true } : record));
}

/** Unread ones of messages that were read in their room, here or anywhere else. */
export function readInRooms(items: Items, lastReadSeqOf: (roomId: string) => number): Set<string> {
  return new Set(items.filter((record) => !record.read && isReadInRoom(record, lastReadSeqOf)).map(({ id }) => id));
}

export function isReadInRoom({ data }: NotificationRecord, lastReadSeqOf: (roomId: string) => number): boolean {
  const { chatRoomId, seq } = data;
  return typeof chatRoomId === "string" && typeof seq === "number" && seq <= lastReadSeqOf(chatRoomId);
}

export function stateOf(items: Items, latest: NotificationRecord | null): NotificationsState {
  return { items, latest, unreadCount: items.filter((record) => !record.read).length };
}
