/** Where this device keeps files: their bytes, and what is known of them. */
import type { KeyValueDatabase } from "../../lib/storage/keyValueDatabase";
import { bounded } from "../bounded";
import type { KeptFile } from "./kept";

const STORES = ["files", "bytes"];
// A phone takes seconds for large files; a disk that hangs must not hold up the composer for ever.
const WRITE_TIMEOUT_MS = 20_000;

export class Shelf {
  readonly #database: KeyValueDatabase;

  constructor(database: KeyValueDatabase) {
    this.#database = database;
  }

  /** Whether other tabs and later pages have what is put here. */
  get isDurable(): boolean {
    return this.#database.isDurable;
  }

  /** All of them, in no order. */
  async list(): Promise<readonly KeptFile[]> {
    return (await this.#database.list("files").catch(() => [])) as KeptFile[];
  }

  /** All of them or none. Throws where there is no room, or the disk does not answer. */
  async put(files: readonly { readonly kept: KeptFile; readonly blob: Blob }[]): Promise<void> {
    const changes = files.flatMap(({ kept, blob }) => [
      { store: "bytes", key: [kept.id], value: blob },
      { store: "files", key: [kept.id], value: kept },
    ]);
    await bounded(this.#database.write(changes), WRITE_TIMEOUT_MS);
  }

  /** Undefined when they are not there. */
  async read(id: string): Promise<Blob | undefined> {
    const blob: unknown = await this.#database.get("bytes", [id]).catch(() => undefined);
    return blob instanceof Blob ? blob : undefined;
  }

  /** Changes what is known of a file, and nothing where it is not there any more. Never throws. */
  async change(id: string, change: Partial<KeptFile>): Promise<void> {
    const apply = (kept: unknown): unknown => kept && { ...kept, ...change };
    await this.#database.change("files", [id], apply).catch(() => undefined);
  }

  async dropBytes(id: string): Promise<void> {
    await this.#database.write([{ store: "bytes", remove: [id] }]).catch(() => undefined);
  }

  async drop(id: string): Promise<void> {
    const changes = STORES.map((store) => ({ store, remove: [id] }));
    await this.#database.write(changes).catch(() => undefined);
  }
}
