/**
 * Files on their way, in all tabs of a person. Their bytes and how far they are is on the device before anybody sees
 * them. Each tab may add, remove and describe; the tab that sends carries them (`carrier.ts`).
 */
import { ChatError } from "../../lib/api/chatError";
import type { Store, WritableStore } from "../../lib/store";
import { FILES_NOTE, type Device } from "../device";
import { newId } from "../ids";
import { isMessage, type Queue, type Queued, type QueuedMessage } from "../outboxQueue";
import type { TabMessage, Tabs } from "../tabs";
import type { Announced, Announcer, LocalFile, Message, PickedFile, Server } from "../types";
import { Carrier, isToCarry } from "./carrier";
import { findMaxBytes } from "./findMaxBytes";
import {
  keptErrorOf,
  keptOf,
  sendablesOf,
  UNANNOUNCED,
  viewOf,
  type KeptError,
  type KeptFile,
  type Sendable,
} from "./kept";
import { SentBlobs } from "./sentBlobs";
import { Shelf } from "./shelf";
import { TusTransport, type FileTransport, type TusOptions } from "./tusTransport";

export interface KeeperOptions {
  readonly device: Device;
  readonly tabs: Tabs;
  /** What views see; the keeper alone writes to it. */
  readonly local: WritableStore<ReadonlyMap<string, LocalFile>>;
  /** The queue of messages. */
  outbox(): KeeperOutbox;
  readonly server: Pick<Server, "request" | "on">;
  readonly tus: TusOptions;
  readonly transport?: FileTransport;
  /** How large a file may be on the server; null where that cannot be known before it is asked. */
  readonly findMaxBytes?: typeof findMaxBytes;
  isConnected(): boolean;
}

/** What files want of the queue of messages. */
export interface KeeperOutbox {
  readonly queue: Store<Queue>;
  /** Whether this is the tab that sends. */
  isSender(): boolean;
  /** Something has happened to files: messages may be due. */
  review(): void;
  retry(clientMessageId: string): void;
  discard(clientMessageId: string): unknown;
  refuse(clientMessageId: string, error: KeptError): void;
  change(clientMessageId: string, change: Partial<QueuedMessage>): void;
  find(clientMessageId: string): Queued | undefined;
}

const MAX_IN_TRAY = 10;
const MAX_KEPT_BYTES = 200 * 1024 * 1024;
const TRAY_LIFE_MS = 24 * 60 * 60 * 1_000;
// A message is told of and written down a moment later than its files.
const CLAIM_PATIENCE_MS = 60_000;

/** Opens what this device keeps of files. Never throws. */
export async function openKeeper(options: KeeperOptions): Promise<FileKeeper> {
  const keeper = new FileKeeper(options, new Shelf(await options.device.openFiles()));
  await keeper.restore();
  return keeper;
}

export class FileKeeper implements Announcer {
  readonly sent = new SentBlobs();
  readonly #options: KeeperOptions;
  readonly #shelf: Shelf;
  readonly #carrier: Carrier;
  readonly #files = new Map<string, KeptFile>();
  /** On their way to the disk; they count for those that are added meanwhile. */
  readonly #adding = new Set<KeptFile>();
  readonly #views = new WeakMap<KeptFile, LocalFile>();
  /** Bytes that this page has had in its hands. */
  readonly #blobs = new Map<string, Blob>();
  readonly #endEvents: () => void;
  #maxBytes: number | null = null;
  #lastOrder = 0;
  #publishing: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: KeeperOptions, shelf: Shelf) {
    this.#options = options;
    this.#shelf = shelf;
    this.#carrier = new Carrier({
      desk: {
        list: () => this.#list().filter(({ id }) => this.#shelf.isDurable || this.#blobs.has(id)),
        find: (id) => this.#files.get(id),
        change: (id, change) => this.#carried(id, change),
        progress: (id, sentBytes) => this.#apply(id, { sentBytes }),
        read: (id) => this.read(id),
        purge: (id) => this.#purge(id),
      },
      request: (path, request) => options.server.request(path, request),
      transport: options.transport ?? new TusTransport(options.tus),
      mayWork: () => this.#mayWork(),
      onMaxBytes: (maxBytes) => (this.#maxBytes = maxBytes),
    });
    this.#endEvents = options.server.on("file_updated", (payload) => this.#mayWork() && this.#carrier.hear(payload));
  }

  /** Takes in what is on the disk and not known yet, and gives up what belongs to nothing. */
  async restore(): Promise<void> {
    const isNew = ({ id }: KeptFile): boolean => !this.#files.has(id);
    for (const kept of (await this.#shelf.list()).filter(isNew)) this.#files.set(kept.id, kept);
    for (const message of this.#options.outbox().queue.getSnapshot()) this.claim(message);
    this.#publish();
    if (this.#options.outbox().isSender()) this.#giveUpOrphans();
  }

  /** See `Announcer`. A server that does not say how large files may be, such as one of another origin, is not told. */
  async announce(roomId: string, file: Pick<File, "name" | "size" | "type">): Promise<Announced | null> {
    const { name, size, type: contentType } = file;
    const maxBytes = await this.#findMaxBytes();
    if (maxBytes === null || size > maxBytes) return null;
    return this.#carrier.announce(roomId, { name, size, contentType, isVoice: false });
  }

  /** See `Files.add`. */
  async add(roomId: string, picked: readonly PickedFile[]): Promise<readonly string[]> {
    try {
      return await this.#add(roomId, picked);
    } catch (cause) {
      for (const { announced } of picked) if (announced) this.#carrier.giveBack(announced);
      throw cause;
    }
  }

  async #add(roomId: string, picked: readonly PickedFile[]): Promise<readonly string[]> {
    await this.#findMaxBytes();
    this.#checkBounds(roomId, picked);
    const now = Date.now();
    const added = picked.map((each) => {
      this.#lastOrder = Math.max(this.#lastOrder + 1, now);
      const given = { id: newId(), roomId, order: this.#lastOrder, addedAt: now };
      return { ...each, kept: keptOf(each, given) };
    });
    for (const { kept } of added) this.#adding.add(kept);
    try {
      await this.#write(added);
    } catch {
      throw new ChatError("device_full", "There is no room for this on the device.");
    } finally {
      for (const { kept } of added) this.#adding.delete(kept);
    }
    for (const { kept, blob, announced } of added) {
      if (announced) this.#carrier.take(kept.id, announced);
      this.#files.set(kept.id, kept);
      // Of what is on the disk nobody can take anything away; a file that was picked may be changed, or be gone.
      const safe = blob instanceof File ? await this.#shelf.read(kept.id) : blob;
      if (safe) this.#blobs.set(kept.id, safe);
      this.#options.tabs.tell({ kind: "fileKept", file: kept });
    }
    // It goes out while the rest is written down, and before it is drawn.
    this.#carrier.pump();
    await this.#note(true); // another tab may have found none in the meantime
    this.#changed();
    return added.map(({ kept }) => kept.id);
  }

  /** See `Files.remove`. */
  remove(id: string): boolean {
    const file = this.#files.get(id);
    if (!file || file.isRemoved) return true;
    const message = file.clientMessageId === null ? undefined : this.#options.outbox().find(file.clientMessageId);
    if (!message || !isMessage(message)) this.#giveUp(id);
    else if (message.attachments) return false;
    else this.#takeOut(message, id);
    return true;
  }

  /** See `Files.retry`. */
  retry(id: string): void {
    const file = this.#files.get(id);
    if (file?.state !== "refused") return;
    this.#begin(file);
    if (file.clientMessageId !== null) this.#options.outbox().retry(file.clientMessageId);
  }

  /** Begins anew with the refused files of a message. */
  retryAll({ fileIds = [] }: Queued): void {
    for (const id of fileIds) {
      const file = this.#files.get(id);
      if (file?.state === "refused") this.#begin(file);
    }
  }

  setAlt(id: string, alt: string): void {
    this.#change(id, { alt: alt.trim() });
  }

  async read(id: string): Promise<Blob | undefined> {
    if (this.#files.get(id)?.isRemoved !== false) return undefined;
    const blob = this.#blobs.get(id) ?? (await this.#shelf.read(id));
    if (blob && this.#files.has(id)) this.#blobs.set(id, blob);
    return blob;
  }

  /** Whether a message can be sent, or be refused, as far as its files are concerned. */
  isDue(message: QueuedMessage): boolean {
    return message.attachments !== undefined || this.#sendablesOf(message) !== null;
  }

  /**
   * What the server is told of a message's files. It is written down, so that the server is told the same after an
   * acknowledgement that was lost. Null when the message cannot be sent, and is refused.
   */
  fix(clientMessageId: string): readonly Sendable[] | null {
    const outbox = this.#options.outbox();
    const message = outbox.find(clientMessageId);
    if (!message || !isMessage(message)) return null;
    const sendables = message.attachments ?? this.#sendablesOf(message);
    if (sendables instanceof ChatError) outbox.refuse(clientMessageId, keptErrorOf(sendables));
    if (sendables === null || sendables instanceof ChatError) return null;
    if (!message.attachments) outbox.change(clientMessageId, { attachments: sendables });
    return sendables;
  }

  /** Whether the tab that sends has something to do for files. */
  get hasWork(): boolean {
    return this.#list().some(isToCarry);
  }

  /** The files of a message go with it from now on. */
  claim({ clientMessageId, fileIds = [] }: QueuedMessage): void {
    for (const id of fileIds)
      if (this.#files.get(id)?.clientMessageId !== clientMessageId)
        this.#change(id, { clientMessageId, claimedAt: Date.now() });
  }

  /**
   * A message was refused: when that was because of its files, what the server knows of them is asked. Returns whether
   * the message waits for them again.
   */
  async reconsider(message: QueuedMessage, { code }: ChatError): Promise<boolean> {
    const { fileIds = [] } = message;
    if (!["file_not_ready", "file_refused", "not_found"].includes(code)) return false;
    if (code === "file_not_ready") for (const id of fileIds) this.#change(id, { state: "examining" });
    await Promise.all(fileIds.map((id) => this.#carrier.ask(id).catch(() => undefined)));
    const isWaiting = code === "file_not_ready" || this.#sendablesOf(message) === null;
    // The server does not have the message: its files may be others the next time.
    if (isWaiting) this.#options.outbox().change(message.clientMessageId, { attachments: undefined });
    return isWaiting;
  }

  /** A message has left the queue: sent, and as what; or given up. */
  ended({ fileIds = [] }: Queued, stored: Message | null): void {
    for (const id of fileIds) {
      if (stored) this.#handOver(id);
      else this.#giveUp(id);
    }
    if (stored) this.#changed();
  }

  forgetRoom(roomId: string): void {
    for (const file of this.#list()) if (file.roomId === roomId) this.#giveUp(file.id);
  }

  /** What another tab tells. */
  hear(message: TabMessage): void {
    if (message.kind === "fileKept") {
      if (!this.#files.has(message.file.id)) this.#files.set(message.file.id, message.file);
    } else if (message.kind === "fileChanged") {
      this.#set(message.id, message.change);
    } else if (message.kind === "fileGone") {
      this.#forget(message.id);
    } else return;
    this.#changed();
  }

  senderChanged(): void {
    if (!this.#options.outbox().isSender()) this.#carrier.stop();
    else void this.restore().then(() => this.resume());
  }

  resume(): void {
    this.#carrier.resume();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#publishing);
    this.#endEvents();
    this.#carrier.close();
    this.#blobs.clear();
  }

  async #findMaxBytes(): Promise<number | null> {
    this.#maxBytes ??= await (this.#options.findMaxBytes ?? findMaxBytes)(this.#options.tus.serverUrl);
    return this.#maxBytes;
  }

  #sendablesOf({ fileIds = [] }: QueuedMessage): ReturnType<typeof sendablesOf> {
    return sendablesOf(fileIds.map((id) => this.#files.get(id)));
  }

  /** The message goes on without it, or is discarded when it says nothing then. */
  #takeOut({ clientMessageId, content, fileIds = [] }: QueuedMessage, id: string): void {
    const left = fileIds.filter((other) => other !== id);
    if (left.length === 0 && content === "") {
      this.#options.outbox().discard(clientMessageId);
      return;
    }
    this.#giveUp(id);
    this.#options.outbox().change(clientMessageId, { fileIds: left, state: "queued", error: null });
  }

  #mayWork(): boolean {
    const { isConnected, outbox } = this.#options;
    // Where nothing is kept, other tabs do not have the bytes.
    return !this.#isClosed && isConnected() && (outbox().isSender() || !this.#shelf.isDurable);
  }

  #checkBounds(roomId: string, picked: readonly PickedFile[]): void {
    const kept = [...this.#files.values(), ...this.#adding].filter(({ isRemoved }) => !isRemoved);
    const inTray = kept.filter((file) => file.roomId === roomId && file.clientMessageId === null);
    if (inTray.length + picked.length > MAX_IN_TRAY)
      throw new ChatError("limit_reached", "There are too many files.", null, { limit: MAX_IN_TRAY });
    if (picked.some(({ blob }) => blob.size > (this.#maxBytes ?? Infinity)))
      throw new ChatError("too_large", "The file is too large.", null, { maxBytes: this.#maxBytes });
    if (picked.some(({ blob }) => blob.size === 0))
      throw new ChatError("file_refused", "The file is empty.", null, { reason: "empty" });
    const bytes = [...kept.map(({ size }) => size), ...picked.map(({ blob }) => blob.size)];
    if (bytes.reduce((sum, size) => sum + size, 0) > MAX_KEPT_BYTES)
      throw new ChatError("limit_reached", "Too much waits to be sent.", null, { maxBytes: MAX_KEPT_BYTES });
  }

  /** What is cached makes room when the disk is full. */
  async #write(added: Parameters<Shelf["put"]>[0]): Promise<void> {
    const { database } = this.#options.device;
    await this.#note(true);
    await this.#shelf.put(added).catch(async () => {
      await database.write([{ store: "messages", clear: true }]).catch(() => undefined);
      await this.#shelf.put(added);
    });
  }

  /** Whether a page that begins has to look for files. */
  async #note(has: boolean): Promise<void> {
    const [store, key] = FILES_NOTE;
    const change = has ? { store, key, value: true } : { store, remove: key };
    await this.#options.device.database.write([change]).catch(() => undefined);
  }

  #begin({ id }: KeptFile): void {
    this.#carrier.drop(id);
    this.#change(id, { ...UNANNOUNCED, renewals: 0 });
  }

  #giveUp(id: string): void {
    if (this.#files.get(id)?.isRemoved !== false) return;
    this.#blobs.delete(id);
    void this.#shelf.dropBytes(id);
    this.#change(id, { isRemoved: true });
  }

  /** The server has it, as part of a message. */
  #handOver(id: string): void {
    const [serverId, blob] = [this.#files.get(id)?.serverId, this.#blobs.get(id)];
    if (serverId && blob) this.sent.put(serverId, blob);
    this.#forget(id);
    void this.#shelf.drop(id);
  }

  #purge(id: string): void {
    this.#forget(id);
    void this.#shelf.drop(id);
    this.#options.tabs.tell({ kind: "fileGone", id });
    this.#publish();
  }

  #forget(id: string): void {
    this.#files.delete(id);
    this.#blobs.delete(id);
    this.#carrier.drop(id);
  }

  #giveUpOrphans(): void {
    const now = Date.now();
    const waiting = new Set(
      this.#options
        .outbox()
        .queue.getSnapshot()
        .map(({ clientMessageId }) => clientMessageId),
    );
    for (const { id, clientMessageId, addedAt, claimedAt } of this.#list()) {
      const isOrphan =
        clientMessageId === null
          ? now - addedAt > TRAY_LIFE_MS
          : !waiting.has(clientMessageId) && now - claimedAt > CLAIM_PATIENCE_MS;
      if (isOrphan) this.#giveUp(id);
    }
    if (this.#files.size === 0) void this.#note(false);
  }

  #list(): readonly KeptFile[] {
    return [...this.#files.values()].sort((a, b) => a.order - b.order);
  }

  /** Here, on the disk, and in other tabs. */
  #change(id: string, change: Partial<KeptFile>): void {
    if (!this.#apply(id, change)) return;
    void this.#shelf.change(id, change);
    this.#changed();
  }

  /** Likewise, by what carries files. */
  #carried(id: string, change: Partial<KeptFile>): void {
    if (!this.#apply(id, change)) return;
    void this.#shelf.change(id, change);
    this.#goOn();
  }

  /** Here and in other tabs. Views are told in a task of its own: what is to be sent does not wait until they are drawn. */
  #apply(id: string, change: Partial<KeptFile>): boolean {
    if (!this.#set(id, change)) return false;
    this.#options.tabs.tell({ kind: "fileChanged", id, change });
    this.#publishing ??= setTimeout(() => this.#publish());
    return true;
  }

  #set(id: string, change: Partial<KeptFile>): boolean {
    const file = this.#files.get(id);
    if (!file) return false;
    this.#files.set(id, { ...file, ...change });
    // What was begun with it is not to go on.
    if (change.isRemoved === true || change.serverId === null) this.#carrier.drop(id);
    return true;
  }

  #changed(): void {
    if (this.#isClosed) return;
    this.#publish();
    this.#goOn();
  }

  /** With what can be sent now: files, and then their messages. */
  #goOn(): void {
    if (this.#isClosed) return;
    this.#carrier.pump();
    this.#options.outbox().review();
  }

  #publish(): void {
    clearTimeout(this.#publishing);
    this.#publishing = undefined;
    const wanted = this.#list().filter(({ isRemoved }) => !isRemoved);
    const seen = wanted.map((kept) => [kept.id, this.#viewOf(kept)] as const);
    const before = [...this.#options.local.getSnapshot().values()];
    const isSame = before.length === seen.length && seen.every(([, view], index) => view === before[index]);
    if (!isSame) this.#options.local.set(new Map(seen));
  }

  #viewOf(kept: KeptFile): LocalFile {
    const known = this.#views.get(kept);
    if (known) return known;
    const view = viewOf(kept);
    this.#views.set(kept, view);
    return view;
  }
}
