import { isolate } from "../../lib/text/isolation";
import type { Room, User } from "../../realtime/types";

/** What a room is called in a list: the other person, the group's title, or the names of its members. */
export function nameOfRoom(room: Room, me: User | null): string {
  if (room.otherParticipant !== null) return room.otherParticipant.name;
  return (
    room.title ??
    othersIn(room, me)
      .map((member) => isolate(member.name))
      .join(", ")
  );
}

/** Everybody in the room but oneself. */
export function othersIn(room: Room, me: User | null): readonly User[] {
  return room.members.filter((member) => member.id !== me?.id);
}
