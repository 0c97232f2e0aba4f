import type { Store } from "../../lib/store";
import type { NotificationsState, RoomsState } from "../../realtime/types";
import { seqOf } from "./content";
import { closeShown } from "./shown";

interface Followed {
  readonly rooms: Store<RoomsState>;
  readonly notifications: Store<NotificationsState>;
}

/** Takes away what the browser shows of what has been read, here or anywhere else. Returns what ends that. */
export function closeWhatIsRead({ rooms, notifications }: Followed, close = closeShown): () => void {
  let read = new Map<string, number>();
  let unread = new Set<string>();

  const followRooms = (): void => {
    const now = new Map(rooms.getSnapshot().rooms.map((room) => [room.id, room.lastReadSeq]));
    const hasAdvanced = [...now].some(([id, seq]) => seq > (read.get(id) ?? 0));
    read = now;
    if (hasAdvanced) void close(({ data }) => isReadIn(now, data));
  };
  const followNotifications = (): void => {
    const { items } = notifications.getSnapshot();
    const now = new Set(items.filter((item) => !item.read).map(({ id }) => id));
    const gone = new Set([...unread].filter((id) => !now.has(id)));
    unread = now;
    if (gone.size > 0) void close(({ tag }) => gone.has(tag));
  };

  followRooms();
  followNotifications();
  const ends = [rooms.subscribe(followRooms), notifications.subscribe(followNotifications)];
  return () => {
    for (const end of ends) end();
  };
}

function isReadIn(lastReadSeqs: ReadonlyMap<string, number>, data: unknown): boolean {
  const roomId: unknown = typeof data === "object" && data !== null && "chatRoomId" in data ? data.chatRoomId : null;
  const seq = seqOf(data);
  return typeof roomId === "string" && seq !== null && seq <= (lastReadSeqs.get(roomId) ?? 0);
}
