/** `Files`, as far as a page needs it that has none: what keeps and carries them is loaded with the first one. */
import { offlineError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import { FILES_NOTE, type Device } from "./device";
import type { FileKeeper, KeeperOptions } from "./files/keeper";
import type { TabMessage, Tabs } from "./tabs";
import type { Files, LocalFile, PickedFile } from "./types";

export type LocalFilesOptions = Omit<KeeperOptions, "device" | "tabs" | "local">;

export class LocalFiles implements Files {
  readonly local = new WritableStore<ReadonlyMap<string, LocalFile>>(new Map());
  /** Null as long as there are no files, as far as is known. */
  keeper: FileKeeper | null = null;
  readonly #options: LocalFilesOptions;
  #found: Found | null = null;
  #loading: Promise<FileKeeper | null> | null = null;
  #isClosed = false;

  constructor(options: LocalFilesOptions) {
    this.#options = options;
  }

  /** The person is known, and what waits in the queue. */
  async attach(device: Device, tabs: Tabs): Promise<void> {
    this.#found = { device, tabs };
    tabs.on((message) => void this.#hear(message));
    if (await device.database.get(...FILES_NOTE).catch(() => false)) void this.load();
  }

  readonly add = async (roomId: string, picked: readonly PickedFile[]): Promise<readonly string[]> => {
    const keeper = await this.load();
    if (!keeper) throw offlineError();
    return keeper.add(roomId, picked);
  };

  readonly remove = (id: string): boolean => this.keeper?.remove(id) ?? true;
  readonly retry = (id: string): void => this.keeper?.retry(id);
  readonly setAlt = (id: string, alt: string): void => this.keeper?.setAlt(id, alt);
  // Files are seen a moment before what keeps them is there.
  readonly read = async (id: string): Promise<Blob | undefined> => (await this.load())?.read(id);
  readonly readSent = (attachmentId: string): Blob | undefined => this.keeper?.sent.get(attachmentId);

  /** The keeper; null where it cannot be had now. Never throws. */
  load(): Promise<FileKeeper | null> {
    if (!this.#found) return Promise.resolve(null);
    this.#loading ??= this.#make(this.#found);
    return this.#loading;
  }

  close(): void {
    this.#isClosed = true;
    this.keeper?.close();
  }

  async #hear(message: TabMessage): Promise<void> {
    if (message.kind.startsWith("file")) (await this.load())?.hear(message);
  }

  async #make(found: Found): Promise<FileKeeper | null> {
    const loaded = await import("./files/keeper").catch(() => null);
    if (!loaded) return (this.#loading = null); // the next who asks may have it
    const keeper = await loaded.openKeeper({ ...this.#options, ...found, local: this.local });
    if (this.#isClosed) keeper.close();
    this.keeper = keeper;
    keeper.senderChanged();
    this.#options.outbox().review();
    return keeper;
  }
}

interface Found {
  readonly device: Device;
  readonly tabs: Tabs;
}
