/** What the bell shows: a list that counts its unread ones, and of which the newest are kept on the device. */
import { WritableStore } from "../lib/store";
import type { Device } from "./device";
import {
  isOfMessages,
  MAX_NOTIFICATIONS,
  mergeNotifications,
  readNotifications,
  withoutText,
} from "./notificationList";
import type { NotificationRecord, NotificationsState } from "./types";

// As many as somebody will ever scroll through.
const MAX_LISTED = 1_000;

type Items = readonly NotificationRecord[];

export class NotificationItems {
  readonly state = new WritableStore<NotificationsState>({
    phase: "loading",
    items: [],
    unreadCount: 0,
    hasOlder: false,
    isLoadingOlder: false,
    latest: null,
  });
  #device: Device | null = null;
  #limit = MAX_NOTIFICATIONS;
  /** Unread ones that are too old for the list. */
  #unreadBeyond: ReadonlySet<string> = new Set();

  get items(): Items {
    return this.state.getSnapshot().items;
  }

  get unreadIds(): readonly string[] {
    return [...this.items.filter(isUnreadInBell).map(({ id }) => id), ...this.#unreadBeyond];
  }

  async attach(device: Device): Promise<void> {
    const kept = await device.readNotifications();
    this.#device = device;
    this.update({ items: mergeNotifications(this.#limit, this.items, kept) });
  }

  merge(records: Items): void {
    this.#replace(mergeNotifications(this.#limit, this.items, records));
  }

  read(ids: ReadonlySet<string>): void {
    this.#unreadBeyond = new Set([...this.#unreadBeyond].filter((id) => !ids.has(id)));
    this.#replace(readNotifications(this.items, ids));
  }

  /** All that the server knows to be unread; what is not listed here is counted. */
  countUnread(ids: readonly string[]): void {
    this.#unreadBeyond = new Set(ids);
  }

  makeRoom(count: number): void {
    this.#limit = Math.min(MAX_LISTED, this.items.length + count);
  }

  update(change: Partial<Omit<NotificationsState, "unreadCount">>): void {
    this.state.update((state) => {
      const now = { ...state, ...change };
      const listed = new Set(now.items.map(({ id }) => id));
      const beyond = [...this.#unreadBeyond].filter((id) => !listed.has(id)).length;
      const unreadCount = now.items.filter(isUnreadInBell).length + beyond;
      return { ...now, unreadCount, hasOlder: now.hasOlder && now.items.length < MAX_LISTED };
    });
  }

  #replace(items: Items): void {
    const before = this.items;
    this.update({ items });
    const [known, kept] = [new Set(before), mergeNotifications(MAX_NOTIFICATIONS, items)];
    const keptIds = new Set(kept.map(({ id }) => id));
    const changed = kept.filter((record) => !known.has(record));
    const dropped = before.filter(({ id }) => !keptIds.has(id)).map(({ id }) => id);
    if (changed.length + dropped.length > 0) void this.#device?.keepNotifications(changed.map(withoutText), dropped);
  }
}

function isUnreadInBell(record: NotificationRecord): boolean {
  return !record.read && !isOfMessages(record);
}
