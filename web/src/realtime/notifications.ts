/** The bell: what arrives live, kept on the device, cleared in every tab when it was read anywhere. */
import { isRecord } from "../lib/api/envelope";
import { WritableStore } from "../lib/store";
import type { Device } from "./device";
import { isNewer, isReadInRoom, mergeNotifications, readInRooms, readNotifications, stateOf } from "./notificationList";
import type { Tabs } from "./tabs";
import type { NotificationRecord, Notifications, NotificationsState } from "./types";

export class NotificationCentre implements Notifications {
  readonly #state = new WritableStore<NotificationsState>(stateOf([], null));
  readonly #lastReadSeqOf: (roomId: string) => number;
  #device: Device | null = null;
  #tabs: Tabs | null = null;

  constructor(lastReadSeqOf: (roomId: string) => number) {
    this.#lastReadSeqOf = lastReadSeqOf;
  }

  readonly getSnapshot = (): NotificationsState => this.#state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  async attach(device: Device, tabs: Tabs): Promise<void> {
    const kept = await device.readNotifications();
    this.#device = device;
    this.#tabs = tabs;
    const { items, latest } = this.getSnapshot();
    this.#set(mergeNotifications(items, kept), latest);
    tabs.on((message) => {
      if (message.kind === "notified") this.#add(message.record);
      else if (message.kind === "notificationsRead") this.#read(new Set(message.ids));
    });
    this.clearRead();
  }

  /** The `notification` event. */
  hear(payload: unknown): void {
    if (!isNotification(payload)) return;
    const record = isReadInRoom(payload, this.#lastReadSeqOf) ? { ...payload, read: true } : payload;
    const isNew = this.#add(record);
    if (isNew && !record.read) this.#set(this.getSnapshot().items, record);
    this.#tabs?.tell({ kind: "notified", record });
  }

  /** Rooms were read: so are the notifications of what was said there. */
  clearRead(): void {
    this.#readEverywhere(readInRooms(this.getSnapshot().items, this.#lastReadSeqOf));
  }

  readonly markRead = (id: string): void => this.#readEverywhere(new Set([id]));

  readonly markAllRead = (): void => {
    const unread = this.getSnapshot().items.filter((record) => !record.read);
    this.#readEverywhere(new Set(unread.map(({ id }) => id)));
  };

  /** Returns whether it was not there before, or has grown. */
  #add(record: NotificationRecord): boolean {
    const { items, latest } = this.getSnapshot();
    if (items.some((known) => known.id === record.id && !isNewer(record, known))) return false;
    const merged = mergeNotifications([record], items);
    this.#set(merged, latest);
    const dropped = items.filter((known) => !merged.includes(known)).map(({ id }) => id);
    void this.#device?.keepNotifications([record], dropped);
    return true;
  }

  #readEverywhere(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    this.#read(ids);
    this.#tabs?.tell({ kind: "notificationsRead", ids: [...ids] });
  }

  #read(ids: ReadonlySet<string>): void {
    const { items, latest } = this.getSnapshot();
    const changed = readNotifications(items, ids);
    if (changed.every((record, index) => record === items[index])) return;
    this.#set(changed, latest);
    void this.#device?.keepNotifications(
      changed.filter((record) => ids.has(record.id)),
      [],
    );
  }

  #set(items: readonly NotificationRecord[], latest: NotificationRecord | null): void {
    this.#state.set(stateOf(items, latest));
  }
}

function isNotification(payload: unknown): payload is NotificationRecord {
  return isRecord(payload) && typeof payload.id === "string" && isRecord(payload.data);
}
