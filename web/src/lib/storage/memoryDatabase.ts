import type { Change, Key, KeyValueDatabase } from "./keyValueDatabase";

/** What is left where IndexedDB is denied (private windows, a full disk): everything works until the page ends. */
export class MemoryDatabase implements KeyValueDatabase {
  readonly isDurable = false;
  readonly #stores = new Map<string, Map<string, { key: Key; value: unknown }>>();

  get(store: string, key: Key): Promise<unknown> {
    return Promise.resolve(this.#store(store).get(JSON.stringify(key))?.value);
  }

  list(store: string, prefix: Key = []): Promise<unknown[]> {
    const isUnder = ({ key }: { key: Key }): boolean => prefix.every((part, index) => key[index] === part);
    const entries = [...this.#store(store).values()].filter(isUnder).sort((a, b) => compareKeys(a.key, b.key));
    return Promise.resolve(entries.map((entry) => entry.value));
  }

  write(changes: readonly Change[]): Promise<void> {
    for (const change of changes) this.#apply(change);
    return Promise.resolve();
  }

  change(store: string, key: Key, change: (value: unknown) => unknown): Promise<unknown> {
    const value = change(this.#store(store).get(JSON.stringify(key))?.value);
    this.#apply(value === undefined ? { store, remove: key } : { store, key, value });
    return Promise.resolve(value);
  }

  close(): void {
    this.#stores.clear();
  }

  destroy(): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #apply(change: Change): void {
    const store = this.#store(change.store);
    if ("clear" in change) store.clear();
    else if ("remove" in change) store.delete(JSON.stringify(change.remove));
    else store.set(JSON.stringify(change.key), { key: change.key, value: structuredClone(change.value) });
  }

  #store(name: string): Map<string, { key: Key; value: unknown }> {
    const store = this.#stores.get(name) ?? new Map<string, { key: Key; value: unknown }>();
    this.#stores.set(name, store);
    return store;
  }
}

/** As IndexedDB orders keys: numbers before strings. */
function compareKeys(a: Key, b: Key): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left, right] = [a[index] ?? 0, b[index] ?? 0];
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
