import type { Room } from "../types";

/** A room's title; without one, the people in it. */
export function nameOfRoom(room: Pick<Room, "id" | "title" | "people" | "memberIds">): string {
  if (room.title !== null) return room.title;
  const names = room.people.map(({ name }) => name);
  if (names.length === 0) return room.id;
  return names.join(", ") + (room.memberIds.length > names.length ? ", …" : "");
}
