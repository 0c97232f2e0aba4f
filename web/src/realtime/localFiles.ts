/** `Files`, as far as a page needs it that has none: what keeps and carries them is loaded with the first one. */
import type { ChatError } from "../lib/api/chatError";
import { offlineError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import type { Device } from "./device";
import type { FileKeeper, KeeperOptions } from "./files/keeper";
import type { Sendable } from "./files/kept";
import type { QueuedMessage } from "./outboxQueue";
import type { TabMessage, Tabs } from "./tabs";
import type { Files, LocalFile, Message, PickedFile } from "./types";

export type LocalFilesOptions = Omit<KeeperOptions, "device" | "tabs" | "local">;

export class LocalFiles implements Files {
  readonly local = new WritableStore<ReadonlyMap<string, LocalFile>>(new Map());
  readonly #options: LocalFilesOptions;
  #found: { readonly device: Device; readonly tabs: Tabs } | null = null;
  #keeper: FileKeeper | null = null;
  #loading: Promise<FileKeeper> | null = null;
  #isClosed = false;

  constructor(options: LocalFilesOptions) {
    this.#options = options;
  }

  /** The person is known, and what waits in the queue. */
  async attach(device: Device, tabs: Tabs): Promise<void> {
    this.#found = { device, tabs };
    tabs.on((message) => this.#hear(message));
    if (await device.hasFiles()) this.#wake();
  }

  readonly add = async (roomId: string, picked: readonly PickedFile[]): Promise<readonly string[]> =>
    (await this.#load()).add(roomId, picked);

  readonly remove = (id: string): void => this.#keeper?.remove(id);
  readonly retry = (id: string): void => this.#keeper?.retry(id);
  readonly setAlt = (id: string, alt: string): void => this.#keeper?.setAlt(id, alt);
  readonly read = async (id: string): Promise<Blob | undefined> => this.#keeper?.read(id);
  readonly readSent = (attachmentId: string): Blob | undefined => this.#keeper?.sent.get(attachmentId);

  /** See `FileKeeper`; null, too, until it is there. */
  attachmentsOf(message: QueuedMessage): readonly Sendable[] | ChatError | null {
    if (this.#keeper) return this.#keeper.attachmentsOf(message);
    this.#wake();
    return null;
  }

  get hasWork(): boolean {
    return this.#keeper?.hasWork ?? false;
  }

  claim(message: QueuedMessage): void {
    this.#keeper?.claim(message);
  }

  retryAll(message: QueuedMessage): void {
    this.#keeper?.retryAll(message);
  }

  async reconsider(message: QueuedMessage, error: ChatError): Promise<boolean> {
    return this.#keeper?.reconsider(message, error) ?? false;
  }

  ended(message: QueuedMessage, stored: Message | null): void {
    if (message.fileIds) this.#then((keeper) => keeper.ended(message, stored));
  }

  /** Another tab sends from now on, or this one does. */
  senderChanged(): void {
    if (this.#keeper) this.#keeper.senderChanged();
    else void this.#found?.device.hasFiles().then((has) => has && this.#wake());
  }

  /** The connection is back. */
  resume(): void {
    this.#keeper?.resume();
  }

  /** One is no member of a room any more. */
  forgetRoom(roomId: string): void {
    this.#then((keeper) => keeper.forgetRoom(roomId));
  }

  close(): void {
    this.#isClosed = true;
    this.#keeper?.close();
    this.#then((keeper) => keeper.close());
  }

  #hear(message: TabMessage): void {
    if (message.kind === "fileKept" && !this.#loading) this.#wake();
    this.#then((keeper) => keeper.hear(message));
  }

  /** Once it is there; not at all when nothing needs it. */
  #then(act: (keeper: FileKeeper) => void): void {
    if (this.#keeper) act(this.#keeper);
    else void this.#loading?.then(act, () => undefined);
  }

  #wake(): void {
    void this.#load().catch(() => undefined);
  }

  #load(): Promise<FileKeeper> {
    this.#loading ??= this.#make().catch((cause: unknown) => {
      this.#loading = null;
      throw cause;
    });
    return this.#loading;
  }

  async #make(): Promise<FileKeeper> {
    const found = this.#found;
    const loaded = await import("./files/keeper").catch(() => null);
    if (found === null || loaded === null || this.#isClosed) throw offlineError();
    const keeper = await loaded.openKeeper({ ...this.#options, ...found, local: this.local });
    this.#keeper = keeper;
    keeper.senderChanged();
    return keeper;
  }
}
