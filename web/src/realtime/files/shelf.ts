/** Where this device keeps files: their bytes, and what is known of them. */
import { isRecord } from "../../lib/api/envelope";
import type { Change, KeyValueDatabase } from "../../lib/storage/keyValueDatabase";
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
    const changesWith = (valueOf: (blob: Blob, index: number) => unknown): Change[] =>
      files.flatMap(({ kept, blob }, index) => [
        { store: "bytes", key: [kept.id], value: valueOf(blob, index) },
        { store: "files", key: [kept.id], value: kept },
      ]);
    const writing = this.#database.write(changesWith((blob) => blob)).catch(async (cause: unknown) => {
      if (cause instanceof DOMException && cause.name === "QuotaExceededError") throw cause;
      // Private windows of some browsers keep bytes, and no blobs.
      const buffers = await Promise.all(files.map(({ blob }) => blob.arrayBuffer()));
      await this.#database.write(changesWith(({ type }, index) => ({ type, bytes: buffers[index] })));
    });
    await bounded(writing, WRITE_TIMEOUT_MS);
  }

  /** Undefined when they are not there. */
  async read(id: string): Promise<Blob | undefined> {
    const blob: unknown = await this.#database.get("bytes", [id]).catch(() => undefined);
    if (blob instanceof Blob) return blob;
    const isKept = isRecord(blob) && blob.bytes instanceof ArrayBuffer && typeof blob.type === "string";
    return isKept ? new Blob([blob.bytes as ArrayBuffer], { type: blob.type as string }) : undefined;
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
