import { deleteDB, openDB, type IDBPDatabase } from "idb";
import type { Change, DatabaseDescription, Key, KeyValueDatabase } from "./keyValueDatabase";
import { MemoryDatabase } from "./memoryDatabase";

// IndexedDB has been seen never to answer (a wedged browser process); the app goes on without it then.
const OPEN_TIMEOUT_MS = 3_000;
const DELETE_TIMEOUT_MS = 2_000;

/** Opens (or makes) a database; where that is denied, the same in memory. Never throws. */
export async function openKeyValueDatabase(description: DatabaseDescription): Promise<KeyValueDatabase> {
  if (typeof indexedDB === "undefined") return new MemoryDatabase();
  try {
    return await IndexedDatabase.open(description);
  } catch {
    return new MemoryDatabase();
  }
}

class IndexedDatabase implements KeyValueDatabase {
  readonly isDurable = true;
  readonly #database: IDBPDatabase;

  private constructor(database: IDBPDatabase) {
    this.#database = database;
  }

  static async open(description: DatabaseDescription): Promise<IndexedDatabase> {
    const opening = openDB(description.name, description.version, {
      upgrade(database) {
        const present = new Set<string>(database.objectStoreNames);
        for (const store of description.stores) if (!present.has(store)) database.createObjectStore(store);
      },
      // Another tab wants to remove it (signing out) or to make it anew (a newer version of the app).
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
      },
    });
    let isLate = false;
    void opening.then((database) => isLate && database.close()).catch(() => undefined);
    const database = await within(opening, OPEN_TIMEOUT_MS).catch((cause: unknown) => {
      isLate = true;
      throw cause;
    });
    return new IndexedDatabase(database);
  }

  // Transactions are committed in so many words: one that is left to end by itself ends in a later task, which a page
  // that goes away does not have any more, and takes along all that wait behind it.

  async get(store: string, key: Key): Promise<unknown> {
    const transaction = this.#database.transaction(store, "readonly");
    const value = transaction.store.get([...key]) as Promise<unknown>;
    transaction.commit();
    return value;
  }

  async list(store: string, prefix: Key = []): Promise<unknown[]> {
    const transaction = this.#database.transaction(store, "readonly");
    const values = transaction.store.getAll(prefix.length > 0 ? keysUnder(prefix) : null);
    transaction.commit();
    return values;
  }

  async write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const names = [...new Set(changes.map((change) => change.store))];
    const transaction = this.#database.transaction(names, "readwrite");
    const requests = changes.map((change) => {
      const store = transaction.objectStore(change.store);
      if ("clear" in change) return store.clear();
      if ("remove" in change) return store.delete([...change.remove]);
      return store.put(change.value, [...change.key]);
    });
    transaction.commit();
    await Promise.all([...requests, transaction.done]);
  }

  async change(store: string, key: Key, change: (value: unknown) => unknown): Promise<unknown> {
    const transaction = this.#database.transaction(store, "readwrite");
    const value = change(await transaction.store.get([...key]));
    const putting = value === undefined ? transaction.store.delete([...key]) : transaction.store.put(value, [...key]);
    transaction.commit();
    await Promise.all([putting, transaction.done]);
    return value;
  }

  close(): void {
    this.#database.close();
  }

  async destroy(): Promise<void> {
    const { name } = this.#database;
    this.close();
    // Other tabs close theirs when they are asked to; one that does not must not keep us from signing out.
    await within(deleteDB(name), DELETE_TIMEOUT_MS).catch(() => undefined);
  }
}

/** All keys that begin with `prefix`: in IndexedDB an array is greater than any text or number. */
function keysUnder(prefix: Key): IDBKeyRange {
  return IDBKeyRange.bound([...prefix], [...prefix, []]);
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("IndexedDB did not answer in time.")), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
