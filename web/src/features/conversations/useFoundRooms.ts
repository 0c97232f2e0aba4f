import { createLater } from "../../lib/useLater";
import type { Room, User } from "../../realtime/types";

/** The rules for it, which the first load does without. */
const useFilter = createLater(async () => (await import("../../realtime/filterRooms")).filterRooms).use;

/** The rooms that the query finds; null for the moment in which the rules for it are on their way. */
export function useFoundRooms(rooms: readonly Room[], query: string, me: User | null): readonly Room[] | null {
  const { parts: filterRooms } = useFilter(query !== "");
  if (query === "") return rooms;
  return filterRooms === null ? null : filterRooms(rooms, query, me);
}
