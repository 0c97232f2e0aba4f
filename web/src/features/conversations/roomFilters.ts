import type { Room } from "../../realtime/types";

/** Which conversations the list shows: those that are not archived, of those the unread ones or groups, or the archive. */
export const roomFilters = ["all", "unread", "groups", "archived"] as const;
export type RoomFilter = (typeof roomFilters)[number];

/** @param currentId what is being looked at: it stays among the unread ones although it is read now. */
export function selectRooms(rooms: readonly Room[], filter: RoomFilter, currentId: string | null): readonly Room[] {
  switch (filter) {
    case "all":
      return rooms.filter((room) => !room.archived);
    case "unread":
      return rooms.filter((room) => !room.archived && (isUnread(room) || room.id === currentId));
    case "groups":
      return rooms.filter((room) => !room.archived && room.type === "group");
    case "archived":
      return rooms.filter((room) => room.archived);
  }
}

export function isUnread(room: Room): boolean {
  return room.unreadCount > 0 || room.markedUnread;
}
