import type { NotificationRecord, Notifications, Preferences } from "../../realtime/types";
import { isSettled, mutedUntil } from "../preferences";
import { roomOf } from "./target";
import type { Toasts } from "./toasts";

/** So many of those that came before preferences were known are looked at. */
const MOST_WAITING = 20;

interface Told {
  readonly notifications: Notifications;
  readonly preferences: Preferences;
  /** The conversation that is on the screen: what tells of it needs no toast. */
  readonly currentRoomId: string | null;
}

/**
 * Shows what arrives, except of a conversation that is muted: that is only listed. Until it is known which those are, or
 * the server could not say, toasts wait. The answer ends it.
 */
export function tellByToasts(toasts: Toasts, { notifications, preferences, currentRoomId }: Told): () => void {
  let waiting: readonly NotificationRecord[] = [];

  const show = (isUnread: (record: NotificationRecord) => boolean): void => {
    const state = preferences.getSnapshot();
    if (!isSettled(state)) return;
    for (const record of waiting) {
      const roomId = roomOf(record);
      const isMuted = roomId !== null && mutedUntil(state.preferences, roomId, Date.now()) !== null;
      // A hidden page shows the browser's own notification instead: nobody would see this one pass.
      if (!isMuted && isUnread(record) && !document.hidden) toasts.add(record);
    }
    waiting = [];
  };
  const follow = (): void => {
    const { latest, items } = notifications.getSnapshot();
    const unread = new Set(items.filter((item) => !item.read).map((item) => item.id));
    const isUnread = ({ id }: NotificationRecord): boolean => unread.has(id);
    toasts.keepOnly(isUnread);
    if (latest !== null && latest !== toasts.heard) {
      toasts.heard = latest;
      const roomId = roomOf(latest);
      if (roomId === null || roomId !== currentRoomId) waiting = [...waiting, latest].slice(-MOST_WAITING);
    }
    if (waiting.length > 0) show(isUnread);
  };
  follow();
  const ends = [notifications.subscribe(follow), preferences.subscribe(follow)];
  return () => {
    for (const end of ends) end();
  };
}
