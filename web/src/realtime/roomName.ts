import { isolate } from "../lib/text/isolation";
import type { Room, User } from "./types";

/** Of a group without a title: what is behind them is cut off on any screen. */
const MOST_NAMES = 10;

/** What a room is called: the other person, the group's title, or the names of its members. */
export function nameOfRoom(room: Room, me: User | null): string {
  const other = room.otherParticipant;
  if (other !== null && other.role !== "group") return other.name;
  if (room.title !== null) return room.title;
  const names = othersIn(room, me).map((member) => isolate(member.name));
  // Who is in a large group may not be known yet; the server has a word for it.
  return names.slice(0, MOST_NAMES).join(", ") || (other?.name ?? "");
}

/** Everybody in the room but oneself. */
export function othersIn(room: Room, me: User | null): readonly User[] {
  return room.members.filter((member) => member.id !== me?.id);
}
