import { useEffect, useState } from "react";

import type { Room, User } from "../../realtime/types";

type Filter = (rooms: readonly Room[], query: string, me: User | null) => readonly Room[];

/** Once it was needed on this page. */
let filter: Filter | null = null;

/**
 * The rooms that the query finds; null for the moment in which the rules for it, which the first load does without, are on
 * their way.
 */
export function useFoundRooms(rooms: readonly Room[], query: string, me: User | null): readonly Room[] | null {
  const [filterRooms, setFilter] = useState(() => filter);
  useEffect(() => {
    if (query === "" || filterRooms !== null) return;
    import("../../realtime/filterRooms").then(
      (module) => {
        filter = module.filterRooms;
        setFilter(() => filter);
      },
      () => undefined, // without a network; the next letter asks again
    );
  }, [query, filterRooms]);
  if (query === "") return rooms;
  return filterRooms === null ? null : filterRooms(rooms, query, me);
}
