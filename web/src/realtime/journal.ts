/**
 * What a page was about to write when it went away. A database writes in its own time, and a page that is reloaded may
 * not have that time: what is unfinished then is noted in the tab's storage, which takes it at once, and the next page
 * of the tab makes up for it.
 */
import type { Change } from "../lib/storage/keyValueDatabase";

/** What must not be lost; of caches it does not matter. */
const STORES: ReadonlySet<string> = new Set(["outbox", "drafts", "meta"]);

export class Journal {
  readonly #name: string;
  readonly #storage: Storage | undefined;
  readonly #unfinished = new Set<readonly Change[]>();
  #isNoted = false;

  constructor(name: string, storage = tabStorage()) {
    this.#name = name;
    this.#storage = storage;
  }

  /** Follows a write that is under way. */
  async follow(changes: readonly Change[], writing: Promise<unknown>): Promise<void> {
    const worthy = changes.filter(({ store }) => STORES.has(store));
    if (worthy.length === 0) return;
    this.#unfinished.add(worthy);
    await writing;
    this.#unfinished.delete(worthy);
    if (this.#isNoted) this.note();
  }

  /** The page may be about to end. */
  note(): void {
    const changes = [...this.#unfinished].flat();
    this.#isNoted = changes.length > 0;
    try {
      if (this.#isNoted) this.#storage?.setItem(this.#name, JSON.stringify(changes));
      else this.#storage?.removeItem(this.#name);
    } catch {
      // It is full or denied; most often the database is fast enough.
    }
  }

  /** What the page before has left undone, in the order in which it was to be written. */
  left(): readonly Change[] {
    try {
      return JSON.parse(this.#storage?.getItem(this.#name) ?? "[]") as Change[];
    } catch {
      return [];
    }
  }

  /** It is done, or must not be done any more. */
  clear(): void {
    this.#unfinished.clear();
    this.note();
  }
}

function tabStorage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
