/** What was marked read in the bell and the server does not know yet: kept on the device, sent once, in order. */
import { ChatError } from "../lib/api/chatError";
import type { KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import type { ChatApi } from "./chatApi";
import type { NotificationVersion } from "./notificationList";

export const MAX_MARKS = 100;
const STORE = "meta";
const KEY = ["notificationMarks"];
// After these there is no use in asking again; after anything else there may be.
const DEFINITE = new Set(["not_found", "bad_request", "access_denied"]);

export class NotificationMarks {
  readonly #api: Pick<ChatApi, "readNotification">;
  readonly #isConnected: () => boolean;
  #database: KeyValueDatabase = new MemoryDatabase();
  #lockName: string | null = null;
  #sending = Promise.resolve(true);

  constructor(api: Pick<ChatApi, "readNotification">, isConnected: () => boolean) {
    this.#api = api;
    this.#isConnected = isConnected;
  }

  /** From now on they are kept on the device. What was marked before goes there, too. */
  async attach(database: KeyValueDatabase, lockName: string): Promise<void> {
    const early = this.#database;
    this.#database = database;
    this.#lockName = lockName;
    await this.add(marksIn(await early.get(STORE, KEY)));
  }

  async add(marks: readonly NotificationVersion[]): Promise<void> {
    if (marks.length > 0) await this.#use((database) => keepMarks(database, marks));
  }

  /**
   * Sends what is kept, as far as the connection lasts; an outgrown one is dropped: its news nobody has seen. Returns
   * false when one could not be sent: the rest is to be tried again later.
   */
  send(isOutgrown: (mark: NotificationVersion) => boolean): Promise<boolean> {
    this.#sending = this.#sending.then(() => this.#alone(() => this.#sendEach(isOutgrown))).catch(() => true);
    return this.#sending;
  }

  async #sendEach(isOutgrown: (mark: NotificationVersion) => boolean): Promise<boolean> {
    for (const mark of marksIn(await this.#database.get(STORE, KEY).catch(() => undefined))) {
      if (!this.#isConnected()) return true;
      if (!isOutgrown(mark) && !(await this.#sendOne(mark.id))) return false;
      const isOther = ({ id, createdAt }: NotificationVersion) => id !== mark.id || createdAt !== mark.createdAt;
      await this.#use((database) => database.change(STORE, KEY, (value) => marksIn(value).filter(isOther)));
    }
    return true;
  }

  /** Returns whether the server has had its say. */
  async #sendOne(id: string): Promise<boolean> {
    try {
      await this.#api.readNotification(id);
      return true;
    } catch (cause) {
      return cause instanceof ChatError && DEFINITE.has(cause.code);
    }
  }

  /** Tabs share what is kept: one sends, and the next finds nothing left. */
  async #alone(action: () => Promise<boolean>): Promise<boolean> {
    const locks = typeof navigator === "undefined" ? undefined : (navigator as { locks?: LockManager }).locks;
    if (locks === undefined || this.#lockName === null) return action();
    return locks.request(`${this.#lockName} notification marks`, action);
  }

  /** A device that fails must not take the bell along: then they last as long as the page. */
  async #use(act: (database: KeyValueDatabase) => Promise<unknown>): Promise<void> {
    await act(this.#database).catch(() => {
      this.#database = new MemoryDatabase();
      return act(this.#database);
    });
  }
}

/** Keeps them on the device of their person, whose next page sends them. The newest hundred stay. */
export async function keepMarks(database: KeyValueDatabase, marks: readonly NotificationVersion[]): Promise<void> {
  const ids = new Set(marks.map(({ id }) => id));
  const add = (value: unknown) => [...marksIn(value).filter(({ id }) => !ids.has(id)), ...marks].slice(-MAX_MARKS);
  await database.change(STORE, KEY, add);
}

function marksIn(value: unknown): readonly NotificationVersion[] {
  return Array.isArray(value) ? (value as NotificationVersion[]) : [];
}
