import { clean } from "../lib/text/cleaning";
import { findsBy, partsOf } from "../lib/text/folding";
import type { Room, User } from "./types";
import { nameOfRoom } from "./roomName";

/** The rooms whose name is found by the query: those that the search for people would find, too. */
export function filterRooms(rooms: readonly Room[], query: string, me: User | null): readonly Room[] {
  const parts = partsOf(clean(query));
  if (parts.length === 0) return rooms;
  const isFound = findsBy(parts);
  return rooms.filter((room) => isFound(nameOfRoom(room, me)));
}
