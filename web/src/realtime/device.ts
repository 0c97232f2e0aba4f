/** What this device keeps for one person: caches that may be lost, and a queue and drafts that should not. */
import { openKeyValueDatabase } from "../lib/storage/indexedDatabase";
import type { Change, Key, KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import { NO_FILES } from "./attached";
import { Journal } from "./journal";
import type { Queued } from "./outboxQueue";
import type { KeptFiles } from "./keptFiles";
import { browserPage } from "./page";
import type { Receipts } from "./receipts";
import { UNCHANGED } from "./unchanged";
import type { Message, NotificationPreferences, NotificationRecord, Room, WritingMode } from "./types";

export const KEPT_MESSAGES = 200;
/** Room for those that were looked at last, and for the newest, which are kept whether or not anybody looks. */
export const KEPT_CONVERSATIONS = 40;
const KEPT_ROOMS = 200;
const FILE_STORES = ["files", "bytes"];
/** Store and key of whether there may be files here. */
export const FILES_NOTE = ["meta", ["hasFiles"]] as const;
const STORES = ["outbox", "rooms", "messages", "drafts", "notifications", "meta"];

/** The end of a conversation, as it was last seen here. */
export interface KeptConversation {
  readonly roomId: string;
  readonly messages: readonly Message[];
  /** Up to this change the messages are as they are. */
  readonly lastChange: number;
  readonly receipts: Receipts;
  readonly keptAt: number;
}

export interface KeptDraft {
  readonly roomId: string;
  readonly text: string;
  readonly mode: WritingMode | null;
  /** When it was written last, by this device's clock (epoch milliseconds); 0: that is not known. */
  readonly writtenAt: number;
  /** What the server has, as far as is known; null: nothing. */
  readonly saved: SavedDraft | null;
}

/** A draft as the server has it. */
export interface SavedDraft {
  readonly content: string;
  /** The id of the message that it answers. */
  readonly replyTo: string | null;
  readonly updatedAt: string;
}

/** How far a room was read here. */
export interface ReadMark {
  readonly roomId: string;
  readonly seq: number;
}

/** How far a conversation is kept, and since when: what goes first when there are too many. */
export interface KeptUpTo {
  readonly roomId: string;
  readonly keptAt: number;
  readonly seq: number;
  readonly change: number;
}

/** What an earlier version of the app has kept says nothing of changes: then it is as if there were none. */
const EARLIER = { lastChange: 0 };
const EARLIER_DRAFT = { mode: null, writtenAt: 0, saved: null };
const EARLIER_LAST = { senderName: "", deletedAt: null, ...NO_FILES };

function ofEarlier(message: Message): Message {
  const { replyTo = null } = message as Partial<Message>;
  return { ...UNCHANGED, ...message, replyTo: replyTo && { ...NO_FILES, ...replyTo } };
}

type LoadKeptFiles = () => Promise<{ keptFilesOf(device: string): KeptFiles | null }>;

/** The name of what is kept for a person on a server. */
export function nameOfDevice(serverUrl: string, userId: string): string {
  return ["hyred-chat", serverUrl, userId].filter(Boolean).join(" ");
}

export class Device {
  readonly database: KeyValueDatabase;
  readonly #journal: Journal;
  readonly #findKept: () => Promise<KeptFiles | null>;
  readonly #endWatch: () => void;
  readonly #openFiles: () => Promise<KeyValueDatabase>;
  #files: Promise<KeyValueDatabase> | null = null;

  /**
   * `openFiles` opens where files on their way are kept; without it, they are with the rest. `findKept` finds what is kept
   * of files that were seen; without it, nothing is.
   */
  constructor(
    database: KeyValueDatabase,
    journal = new Journal(""),
    openFiles?: () => Promise<KeyValueDatabase>,
    findKept?: () => Promise<KeptFiles | null>,
  ) {
    this.database = database;
    this.#journal = journal;
    this.#openFiles = openFiles ?? (() => Promise.resolve(database));
    this.#findKept = findKept ?? (() => Promise.resolve(null));
    this.#endWatch = browserPage.onHide(() => journal.note());
  }

  /**
   * What is kept for a person on a server. Never throws: without IndexedDB it lasts as long as the page. `loadKept` loads
   * what keeps files that were seen, when there is something to do for it. It is the page's: a service worker cannot load
   * anything later, and does not even start with the words for it.
   */
  static async open(serverUrl: string, userId: string, loadKept?: LoadKeptFiles): Promise<Device> {
    const name = nameOfDevice(serverUrl, userId);
    const database = await openKeyValueDatabase({ name, version: 1, stores: STORES });
    // Of their own: the one above stays as older versions know it, which may still be open in another tab.
    const files = { name: `${name} files`, version: 1, stores: FILE_STORES };
    const findKept = async (): Promise<KeptFiles | null> => {
      if (!("caches" in globalThis)) return null;
      return (await loadKept?.().catch(() => null))?.keptFilesOf(name) ?? null;
    };
    const device = new Device(database, new Journal(name), () => openKeyValueDatabase(files), findKept);
    await device.#makeUp();
    return device;
  }

  async readRooms(): Promise<readonly Room[]> {
    const rooms = ((await this.#get("rooms", "list")) as Room[] | undefined) ?? [];
    return rooms.map((room) => ({
      ...EARLIER,
      ...{ pinned: [] },
      ...room,
      lastMessage: room.lastMessage && { ...EARLIER_LAST, ...room.lastMessage },
    }));
  }

  async keepRooms(rooms: readonly Room[]): Promise<void> {
    await this.#write([{ store: "rooms", key: ["list"], value: rooms.slice(0, KEPT_ROOMS) }]);
  }

  async readConversation(roomId: string): Promise<KeptConversation | undefined> {
    const kept = (await this.#get("messages", roomId)) as KeptConversation | undefined;
    return kept && { ...EARLIER, ...kept, messages: kept.messages.map(ofEarlier) };
  }

  /** Keeps the end of a conversation, and forgets those that were kept the longest time ago. */
  async keepConversation(conversation: KeptConversation): Promise<void> {
    const messages = conversation.messages.slice(-KEPT_MESSAGES);
    const { roomId, keptAt, lastChange: change } = conversation;
    const seq = messages.at(-1)?.seq ?? 0;
    await this.#write([
      { store: "messages", key: [roomId], value: { ...conversation, messages } },
      { store: "rooms", key: ["kept", roomId], value: { roomId, keptAt, seq, change } satisfies KeptUpTo },
    ]);
    const kept = (await this.readKept()).sort((a, b) => b.keptAt - a.keptAt);
    await this.#write(kept.slice(KEPT_CONVERSATIONS).flatMap((old) => forgetting(old.roomId)));
    const ids = messages.filter(({ attachments }) => attachments.length > 0).map(({ id }) => id);
    const rooms = kept.slice(0, KEPT_CONVERSATIONS).map((one) => one.roomId);
    await this.#withFiles((files) => files.tidy(roomId, new Set(ids), new Set(rooms)));
  }

  /** Which conversations are kept, and how far. */
  async readKept(): Promise<KeptUpTo[]> {
    const kept = (await this.#list("rooms", ["kept"])) as KeptUpTo[];
    return kept.map((one) => ({ ...{ seq: 0, change: 0 }, ...one }));
  }

  async forgetConversation(roomId: string): Promise<void> {
    await this.#write(forgetting(roomId));
    await this.#withFiles((files) => files.forgetRoom(roomId));
  }

  /** What was read here and has not been heard of from the server. */
  async readMarks(): Promise<ReadMark[]> {
    return (await this.#list("meta", ["read"])) as ReadMark[];
  }

  async keepMark(mark: ReadMark): Promise<void> {
    await this.#write([{ store: "meta", key: ["read", mark.roomId], value: mark }]);
  }

  async removeMark(roomId: string): Promise<void> {
    await this.#write([{ store: "meta", remove: ["read", roomId] }]);
  }

  async readQueue(): Promise<Queued[]> {
    return (await this.#list("outbox")) as Queued[];
  }

  /** Returns whether it is on disk. What is cached makes room when the disk is full. */
  async keepQueued(entry: Queued): Promise<boolean> {
    const change = { store: "outbox", key: [entry.clientMessageId], value: entry };
    if (await this.#write([change])) return true;
    return this.#write([{ store: "messages", clear: true }, change]);
  }

  async removeQueued(clientMessageId: string): Promise<void> {
    await this.#write([{ store: "outbox", remove: [clientMessageId] }]);
  }

  async readDrafts(): Promise<KeptDraft[]> {
    const kept = (await this.#list("drafts")) as KeptDraft[];
    return kept.map((draft) => ({ ...EARLIER_DRAFT, ...draft }));
  }

  /** Returns whether it is on disk. */
  async keepDraft(draft: KeptDraft): Promise<boolean> {
    return this.#write([{ store: "drafts", key: [draft.roomId], value: draft }]);
  }

  async forgetDraft(roomId: string): Promise<boolean> {
    return this.#write([{ store: "drafts", remove: [roomId] }]);
  }

  async readNotifications(): Promise<NotificationRecord[]> {
    return (await this.#list("notifications")) as NotificationRecord[];
  }

  async keepNotifications(kept: readonly NotificationRecord[], removed: readonly string[]): Promise<void> {
    await this.#write([
      ...kept.map((record) => ({ store: "notifications", key: [record.id], value: record })),
      ...removed.map((id) => ({ store: "notifications", remove: [id] })),
    ]);
  }

  async readPreferences(): Promise<NotificationPreferences | undefined> {
    return (await this.#get("meta", "preferences")) as NotificationPreferences | undefined;
  }

  async keepPreferences(preferences: NotificationPreferences): Promise<void> {
    await this.#write([{ store: "meta", key: ["preferences"], value: preferences }]);
  }

  /** Where files are kept, with the stores `files` and `bytes`. Never throws. */
  openFiles(): Promise<KeyValueDatabase> {
    this.#files ??= this.#openFiles();
    return this.#files;
  }

  close(): void {
    this.#endWatch();
    this.database.close();
    void this.#files?.then((files) => files.close());
  }

  async destroy(): Promise<void> {
    this.#endWatch();
    this.#journal.clear();
    await Promise.all([this.database.destroy(), this.openFiles().then((files) => files.destroy())]);
    await this.#withFiles((files) => files.destroy());
  }

  /** Writes what the page before this one could not. */
  async #makeUp(): Promise<void> {
    const left = this.#journal.left();
    if (left.length > 0 && (await this.#write(left))) this.#journal.clear();
  }

  async #withFiles(act: (files: KeptFiles) => Promise<void>): Promise<void> {
    const files = await this.#findKept();
    if (files) await act(files);
  }

  // A device that fails (a full disk, a database removed by another tab) must not take the conversation along.

  async #get(store: string, key: string): Promise<unknown> {
    return this.database.get(store, [key]).catch(() => undefined);
  }

  async #list(store: string, prefix: Key = []): Promise<unknown[]> {
    return this.database.list(store, prefix).catch(() => []);
  }

  async #write(changes: readonly Change[]): Promise<boolean> {
    const writing = this.database.write(changes).then(
      () => true,
      () => false,
    );
    void this.#journal.follow(changes, writing);
    return writing;
  }
}

function forgetting(roomId: string): Change[] {
  return [
    { store: "messages", remove: [roomId] },
    { store: "rooms", remove: ["kept", roomId] },
  ];
}
