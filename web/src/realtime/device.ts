/** What this device keeps for one person: caches that may be lost, and a queue and drafts that should not. */
import { openKeyValueDatabase } from "../lib/storage/indexedDatabase";
import type { Change, KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import type { QueuedMessage } from "./outboxQueue";
import type { Receipts } from "./receipts";
import type { Message, NotificationRecord, Room } from "./types";

export const KEPT_MESSAGES = 200;
export const KEPT_CONVERSATIONS = 30;
const KEPT_ROOMS = 200;
const STORES = ["outbox", "rooms", "messages", "drafts", "notifications", "meta"];

/** The end of a conversation, as it was last seen here. */
export interface KeptConversation {
  readonly roomId: string;
  readonly messages: readonly Message[];
  readonly receipts: Receipts;
  readonly keptAt: number;
}

export interface Draft {
  readonly roomId: string;
  readonly text: string;
}

export class Device {
  readonly database: KeyValueDatabase;

  constructor(database: KeyValueDatabase) {
    this.database = database;
  }

  /** What is kept for a person on a server. Never throws: without IndexedDB it lasts as long as the page. */
  static async open(serverUrl: string, userId: string): Promise<Device> {
    const name = ["hyred-chat", serverUrl, userId].filter(Boolean).join(" ");
    return new Device(await openKeyValueDatabase({ name, version: 1, stores: STORES }));
  }

  async readRooms(): Promise<readonly Room[]> {
    return ((await this.#get("rooms", "list")) as Room[] | undefined) ?? [];
  }

  async keepRooms(rooms: readonly Room[]): Promise<void> {
    await this.#write([{ store: "rooms", key: ["list"], value: rooms.slice(0, KEPT_ROOMS) }]);
  }

  async readConversation(roomId: string): Promise<KeptConversation | undefined> {
    return (await this.#get("messages", roomId)) as KeptConversation | undefined;
  }

  /** Keeps the end of a conversation, and forgets those that were not looked at for the longest time. */
  async keepConversation(conversation: KeptConversation): Promise<void> {
    const messages = conversation.messages.slice(-KEPT_MESSAGES);
    const { roomId } = conversation;
    await this.#write([{ store: "messages", key: [roomId], value: { ...conversation, messages } }]);
    const ages = (await this.#get("meta", "conversations")) as Record<string, number> | undefined;
    const kept = Object.entries({ ...ages, [roomId]: conversation.keptAt }).sort((a, b) => b[1] - a[1]);
    const forgotten = kept.splice(KEPT_CONVERSATIONS);
    await this.#write([
      { store: "meta", key: ["conversations"], value: Object.fromEntries(kept) },
      ...forgotten.map(([id]) => ({ store: "messages", remove: [id] })),
    ]);
  }

  async forgetConversation(roomId: string): Promise<void> {
    await this.#write([{ store: "messages", remove: [roomId] }]);
  }

  async readQueue(): Promise<QueuedMessage[]> {
    return (await this.#list("outbox")) as QueuedMessage[];
  }

  /** Returns whether it is on disk. What is cached makes room when the disk is full. */
  async keepQueued(message: QueuedMessage): Promise<boolean> {
    const change = { store: "outbox", key: [message.clientMessageId], value: message };
    if (await this.#write([change])) return true;
    return this.#write([{ store: "messages", clear: true }, change]);
  }

  async removeQueued(clientMessageId: string): Promise<void> {
    await this.#write([{ store: "outbox", remove: [clientMessageId] }]);
  }

  async readDrafts(): Promise<Draft[]> {
    return (await this.#list("drafts")) as Draft[];
  }

  async keepDraft({ roomId, text }: Draft): Promise<void> {
    const key = [roomId];
    await this.#write([text ? { store: "drafts", key, value: { roomId, text } } : { store: "drafts", remove: key }]);
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

  close(): void {
    this.database.close();
  }

  async destroy(): Promise<void> {
    await this.database.destroy();
  }

  // A device that fails (a full disk, a database removed by another tab) must not take the conversation along.

  async #get(store: string, key: string): Promise<unknown> {
    return this.database.get(store, [key]).catch(() => undefined);
  }

  async #list(store: string): Promise<unknown[]> {
    return this.database.list(store).catch(() => []);
  }

  async #write(changes: readonly Change[]): Promise<boolean> {
    return this.database.write(changes).then(
      () => true,
      () => false,
    );
  }
}
