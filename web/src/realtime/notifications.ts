/**
 * The bell: the server's list and what arrives live, kept on the device, the same in every tab, and read everywhere
 * when it was read anywhere.
 */
import { isRecord } from "../lib/api/envelope";
import { backoffMs } from "./backoff";
import type { ChatApi } from "./chatApi";
import type { Device } from "./device";
import { NotificationItems } from "./notificationItems";
import {
  isNewer,
  isOfMessages,
  isReadInRoom,
  readInRooms,
  versionOf,
  type NotificationVersion,
} from "./notificationList";
import { NotificationMarks } from "./notificationMarks";
import { NotificationPages, PAGE_SIZE } from "./notificationPages";
import type { Tabs } from "./tabs";
import { Timers } from "./timers";
import type { NotificationRecord, Notifications, NotificationsState } from "./types";

const RETRY = { minMs: 2_000, maxMs: 60_000 };
export interface NotificationServices {
  readonly api: Pick<ChatApi, "listNotifications" | "readNotification" | "readAllNotifications">;
  isConnected(): boolean;
  lastReadSeqOf(roomId: string): number;
}

type Items = readonly NotificationRecord[];

export class NotificationCentre implements Notifications {
  readonly #list = new NotificationItems();
  readonly #services: NotificationServices;
  readonly #pages: NotificationPages;
  readonly #marks: NotificationMarks;
  readonly #timers = new Timers();
  #failures = 0;
  /** How often marks could not be sent, in a row. */
  #unsent = 0;
  #tabs: Tabs | null = null;

  constructor(services: NotificationServices) {
    this.#services = services;
    this.#pages = new NotificationPages(services.api);
    this.#marks = new NotificationMarks(services.api, () => services.isConnected());
  }

  readonly getSnapshot = (): NotificationsState => this.#list.state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.#list.state.subscribe(listener);

  async attach(device: Device, tabs: Tabs, lockName: string): Promise<void> {
    await this.#list.attach(device);
    this.#tabs = tabs;
    tabs.on((message) => {
      if (message.kind === "notified") this.#add(message.record);
      else if (message.kind === "notificationsRead") this.#read(new Set(message.ids));
    });
    this.clearRead();
    await this.#marks.attach(device.database, lockName);
  }

  /** After each connect: what was missed comes in, and what was marked read meanwhile goes out. Never throws. */
  async resume(): Promise<void> {
    this.#timers.cancel("again");
    try {
      const known = new Set(this.#list.items.map(({ id }) => id));
      const { records, unreadIds } = await this.#pages.newest((id) => known.has(id));
      this.#list.countUnread(unreadIds);
      this.#take(records);
      this.#failures = 0;
      this.#list.update({ phase: "ready", hasOlder: this.#pages.hasOlder });
    } catch {
      this.giveUp();
      this.#resumeLater(backoffMs(this.#failures++, RETRY));
    }
    await this.#sendMarks();
  }

  /** The server cannot be asked now. */
  giveUp(): void {
    if (this.getSnapshot().phase === "loading") this.#list.update({ phase: "failed" });
  }

  /** The `notification` event. */
  hear(payload: unknown): void {
    if (!isNotification(payload)) return;
    const record = this.#isReadInRoom(payload) ? { ...payload, read: true } : payload;
    if (this.#add(record) && !record.read) this.#list.update({ latest: record });
    this.#tabs?.tell({ kind: "notified", record });
  }

  /** The `notification_withdrawn` event: read elsewhere. Each tab hears it. */
  hearWithdrawn(payload: unknown): void {
    if (!isRecord(payload) || !Array.isArray(payload.ids)) return;
    const seqs = isRecord(payload.seqs) ? payload.seqs : {};
    // What came while the withdrawal was on its way was not read.
    const newer = this.#list.items.filter(({ id, data }) => Number(data.seq) > Number(seqs[id])).map(({ id }) => id);
    this.#read(new Set(payload.ids.filter((id): id is string => typeof id === "string" && !newer.includes(id))));
  }

  /** Rooms were read: so are the notifications of what was said there. */
  clearRead(): void {
    this.#readEverywhere(readInRooms(this.#list.items, (roomId) => this.#services.lastReadSeqOf(roomId)));
  }

  readonly markRead = (id: string): void => {
    const marked = this.#list.items.filter((record) => record.id === id && !record.read);
    this.#readEverywhere(new Set(marked.map((record) => record.id)));
    if (marked.length > 0) void this.#marks.add(marked.map(versionOf)).then(() => this.#sendMarks());
  };

  readonly markAllRead = (): void => {
    const marked = this.#list.items.filter((record) => !record.read && !isOfMessages(record));
    this.#readEverywhere(new Set(this.#list.unreadIds));
    void this.#sendAllRead(marked);
  };

  readonly loadOlder = (): void => void this.#loadOlder();

  readonly reload = (): void => {
    this.#list.update({ phase: "loading" });
    void this.resume();
  };

  close(): void {
    this.#timers.close();
  }

  async #loadOlder(): Promise<void> {
    const { hasOlder, isLoadingOlder } = this.getSnapshot();
    if (!hasOlder || isLoadingOlder) return;
    this.#list.update({ isLoadingOlder: true });
    this.#list.makeRoom(PAGE_SIZE);
    // After a failure the button stays, for another try.
    this.#take(await this.#pages.older().catch(() => []));
    this.#list.update({ isLoadingOlder: false, hasOlder: this.#pages.hasOlder });
  }

  /** A part of the server's list. */
  #take(records: Items): void {
    this.#list.merge(records.map((record) => (this.#isReadInRoom(record) ? { ...record, read: true } : record)));
  }

  #resumeLater(delayMs: number): void {
    this.#timers.set("again", delayMs, () => {
      if (this.#services.isConnected()) void this.resume();
    });
  }

  async #sendAllRead(marked: Items): Promise<void> {
    const isSent = this.#services.isConnected() && (await succeeds(this.#services.api.readAllNotifications()));
    if (isSent) return;
    await this.#marks.add(marked.map(versionOf));
    await this.#sendMarks();
  }

  async #sendMarks(): Promise<void> {
    const isDone = await this.#marks.send((mark) => this.#isOutgrown(mark));
    if (isDone) this.#unsent = 0;
    else this.#timers.set("marks", backoffMs(this.#unsent++, RETRY), () => void this.#sendMarks());
  }

  #isOutgrown(mark: NotificationVersion): boolean {
    return this.#list.items.some((record) => record.id === mark.id && isNewer(record, mark));
  }

  #isReadInRoom(record: NotificationRecord): boolean {
    return isReadInRoom(record, (roomId) => this.#services.lastReadSeqOf(roomId));
  }

  /** Returns whether it was not there before, or has grown. */
  #add(record: NotificationRecord): boolean {
    const { items } = this.#list;
    if (items.some((known) => known.id === record.id && !isNewer(record, known))) return false;
    this.#list.merge([record]);
    return true;
  }

  #readEverywhere(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    this.#read(ids);
    this.#tabs?.tell({ kind: "notificationsRead", ids: [...ids] });
  }

  #read(ids: ReadonlySet<string>): void {
    this.#pages.noteRead(ids);
    this.#list.read(ids);
  }
}

async function succeeds(request: Promise<void>): Promise<boolean> {
  return request.then(
    () => true,
    () => false,
  );
}

function isNotification(payload: unknown): payload is NotificationRecord {
  return isRecord(payload) && typeof payload.id === "string" && isRecord(payload.data);
}
