/** Notifications for tests, and a list of them that tests write to. */
import { WritableStore } from "../../lib/store";
import type { NotificationRecord, Notifications, NotificationsState } from "../../realtime/types";

export function createNotification(id: string, data: NotificationRecord["data"] = {}): NotificationRecord {
  return {
    id,
    title: `Title ${id}`,
    body: "Body",
    type: "chat_message",
    data,
    createdAt: "2026-03-01T00:00:00.000Z",
    read: false,
  };
}

export class NotificationList extends WritableStore<NotificationsState> implements Notifications {
  constructor() {
    super({ phase: "ready", items: [], unreadCount: 0, hasOlder: false, isLoadingOlder: false, latest: null });
  }

  hear(record: NotificationRecord): void {
    this.update((state) => ({
      ...state,
      items: [record, ...state.items],
      unreadCount: state.items.length + 1,
      latest: record,
    }));
  }

  markRead(id: string): void {
    this.update((state) => ({
      ...state,
      items: state.items.map((item) => (item.id === id ? { ...item, read: true } : item)),
    }));
  }

  markAllRead(): void {
    for (const { id } of this.getSnapshot().items) this.markRead(id);
  }

  loadOlder(): void {
    // There are none.
  }

  reload(): void {
    // It is whole.
  }
}
