/** The list of rooms as values: how it is ordered, and what becomes of it. */
import { inShort } from "./attached";
import type { Message, Room } from "./types";

/** Latest activity first; empty rooms last, the newest of those first. */
export function sortRooms(rooms: readonly Room[]): Room[] {
  return [...rooms].sort(
    (a, b) => compareDown(a.lastMessageAt, b.lastMessageAt) || compareDown(a.createdAt, b.createdAt),
  );
}

/** The list with `room` in place of what it said before. What is older than what we know is left out. */
export function putRoom(rooms: readonly Room[], room: Room): readonly Room[] {
  const known = findRoom(rooms, room.id);
  if (known && isBefore(room, known)) return rooms;
  return sortRooms([...rooms.filter((other) => other.id !== room.id), room]);
}

/** Both numbers only rise; where one is the same, the other tells. */
function isBefore(room: Room, known: Room): boolean {
  return room.lastSeq < known.lastSeq || (room.lastSeq === known.lastSeq && room.lastChange < known.lastChange);
}

/** The room after a change of a message of its: where that is the newest, the list says what it says now. */
export function changeLast(room: Room, { id, change, content, type, deletedAt, attachments }: Message): Room {
  if (change <= room.lastChange) return room;
  const last = room.lastMessage;
  if (last?.id !== id) return { ...room, lastChange: change };
  const lastMessage = { ...last, content, type, deletedAt, ...inShort(content, attachments) };
  return { ...room, lastChange: change, lastMessage };
}

export function findRoom(rooms: readonly Room[], roomId: string): Room | undefined {
  return rooms.find((room) => room.id === roomId);
}

/**
 * The room as it is once our reading up to `seq` has reached the server. That is shown at once, and stays shown although
 * news of the room may still come from before.
 */
export function readUpTo(room: Room, seq: number): Room {
  if (seq <= room.lastReadSeq) return room;
  const lastReadSeq = Math.min(seq, room.lastSeq);
  return { ...room, lastReadSeq, unreadCount: Math.min(room.unreadCount, room.lastSeq - lastReadSeq) };
}

export function countUnread(rooms: readonly Room[]): number {
  return rooms.reduce((sum, room) => sum + room.unreadCount, 0);
}

/** Everybody else in these rooms. */
export function othersIn(rooms: readonly Room[], myId: string | null): string[] {
  const ids = new Set(rooms.flatMap((room) => room.members.map((member) => member.id)));
  if (myId !== null) ids.delete(myId);
  return [...ids];
}

// Times of the contract all have one form, so they compare as text.
function compareDown(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? 1 : -1;
}
