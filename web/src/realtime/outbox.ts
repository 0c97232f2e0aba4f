/**
 * The queue of what was written and done: durable first, then sent in order, once, by whichever tab is the sender. Sending
 * again is safe at any time: the server knows a message by its clientMessageId for ever, and an action says what is to be.
 */
import { ChatError, toChatError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import { backoffMs } from "./backoff";
import { bounded } from "./bounded";
import type { Device } from "./device";
import type { Sendable } from "./files/kept";
import { newId } from "./ids";
import {
  heldUntil,
  isAction,
  isMessage,
  judge,
  nextToSend,
  overtaken,
  putQueued,
  removeQueued,
  type Queue,
  type Queued,
  type QueuedAction,
  type QueuedMessage,
} from "./outboxQueue";
import { becomeSoleSender, type SoleSender } from "./soleSender";
import type { QueueEnd, TabMessage, Tabs } from "./tabs";
import { Timers } from "./timers";
import type { Action, Message, Quote } from "./types";

const RETRY = { minMs: 1_000, maxMs: 30_000 };
// Longer than IndexedDB takes; a disk that hangs must not hold up what the network could carry.
const DISK_TIMEOUT_MS = 300;
// What keeps a text may have to be loaded first.
const KEEP_TIMEOUT_MS = 5_000;
const SIGN_OF_LIFE_MS = 2_000;
const STUCK_MS = 4_000;

export interface OutboxOptions {
  isConnected(): boolean;
  request(event: string, payload: unknown): Promise<unknown>;
  /** A message of ours, or what we did to one, is stored: acknowledged here, or in another tab. */
  onStored(message: Message): void;
  /** Tells the server what is to be. Returns the message that it was about, as it is now. Throws ChatError. */
  perform(entry: QueuedAction): Promise<Message | undefined>;
  /** It is so on the server: acknowledged here, or in another tab. */
  onDone(entry: QueuedAction): void;
  /** It was refused here. Done when it may leave the outbox, and others are told. */
  keepRefused(entry: QueuedAction, error: ChatError): Promise<unknown>;
  /** It was refused, here or in another tab, and waits no longer. */
  onRefused(entry: QueuedAction, error: ChatError): void;
  readonly files: {
    /** Null as long as nothing is known of any files. */
    readonly keeper: MessageFiles | null;
    /** Has it be there; it calls `review` then. */
    load(): unknown;
  };
}

/** The files that go with messages. */
export interface MessageFiles {
  /** Whether the tab that sends has something to do for them. */
  readonly hasWork: boolean;
  /** Whether a message can be sent, or be refused, as far as its files are concerned. */
  isDue(message: QueuedMessage): boolean;
  /** What the server is told of a message's files, from now on; null when it cannot be sent, and is refused. */
  fix(clientMessageId: string): readonly Sendable[] | null;
  /** They go with this message from now on. */
  claim(message: QueuedMessage): void;
  /** Begins anew with those of a message that were refused. */
  retryAll(message: Queued): void;
  /** The server has refused a message. Returns whether that was because of its files, for which it waits again. */
  reconsider(message: QueuedMessage, error: ChatError): Promise<boolean>;
  /** The message has left the queue: stored, or given up, in any tab. */
  ended(message: Queued, stored: Message | null): void;
  /** Another tab sends from now on, or this one does. */
  senderChanged(): void;
}

export class Outbox {
  /** Messages alone. */
  readonly queue = new WritableStore<Queue>([]);
  readonly actions = new WritableStore<Queue<QueuedAction>>([]);
  readonly #options: OutboxOptions;
  readonly #timers = new Timers();
  /** Room id to what is on its way there. */
  readonly #busyRooms = new Map<string, string>();
  readonly #writing = new Map<string, Promise<unknown>>();
  readonly #faults = new Map<string, number>();
  /** What was removed while the disk is being read, which may still have it. */
  readonly #removed = new Set<string>();
  #restoring = 0;
  #entries: Queue<Queued> = [];
  #device: Device | null = null;
  #tabs: Tabs | null = null;
  #sender: SoleSender | null = null;
  #failures = 0;
  #lastOrder = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Takes up what this device kept, writes down what came before the device was known, and stands for sender. */
  async attach(device: Device, tabs: Tabs, lockName: string): Promise<void> {
    this.#device = device;
    this.#tabs = tabs;
    tabs.on((message) => this.#hear(message));
    for (const entry of this.#entries) this.#keep(entry);
    await this.#restore();
    const onChange = (isHeld: boolean) => {
      // Whoever takes over may not have heard all that the one before was told.
      if (isHeld) void this.#restore().then(() => this.review());
      this.#files?.senderChanged();
    };
    this.#sender = becomeSoleSender({ name: lockName, database: device.database, onChange });
  }

  add(
    roomId: string,
    content: string,
    replyTo: Quote | null = null,
    mentions: readonly string[] = [],
    fileIds: readonly string[] = [],
  ): QueuedMessage {
    const named = { ...(mentions.length > 0 && { mentions }), ...(fileIds.length > 0 && { fileIds }) };
    const message = { ...this.#begin(roomId), content, ...(replyTo && { replyTo }), ...named };
    this.#files?.claim(message);
    this.#put(message);
    return message;
  }

  /** Has something be so, after all that waits in the room. It takes the place of what was chosen there before. */
  act(roomId: string, action: Action, holdMs = 0): string {
    for (const id of overtaken(this.#entries, roomId, action, this.#busyRooms.get(roomId))) this.#remove(id);
    const entry = { ...this.#begin(roomId), action, ...(holdMs > 0 && { heldUntil: Date.now() + holdMs }) };
    this.#put(entry);
    return entry.clientMessageId;
  }

  /** Nobody is there any more to undo anything: what was held may go out. */
  release(): void {
    for (const entry of this.#entries) if (isAction(entry) && entry.heldUntil) this.#put({ ...entry, heldUntil: 0 });
  }

  /** Queues a refused message again, where it stood. */
  retry(clientMessageId: string): void {
    const entry = this.find(clientMessageId);
    if (entry?.state !== "refused") return;
    this.#files?.retryAll(entry);
    this.#put({ ...entry, state: "queued", error: null });
  }

  /** Returns whether it was there. */
  discard(clientMessageId: string): boolean {
    const isThere = this.find(clientMessageId) !== undefined;
    if (isThere) this.#remove(clientMessageId);
    return isThere;
  }

  /** A message cannot be sent as it is: it is for its author to say what becomes of it. */
  refuse(clientMessageId: string, error: QueuedMessage["error"]): void {
    this.change(clientMessageId, { state: "refused", error, attachments: undefined });
  }

  /** Changes a message that waits, if it still does. */
  change(clientMessageId: string, change: Partial<QueuedMessage>): void {
    const entry = this.find(clientMessageId);
    if (entry && isMessage(entry)) this.#put({ ...entry, ...change });
  }

  find(clientMessageId: string): Queued | undefined {
    return this.#entries.find((entry) => entry.clientMessageId === clientMessageId);
  }

  /** Whether this is the tab that sends. */
  isSender(): boolean {
    return this.#sender?.isHeld() ?? false;
  }

  /** Whether a message waits there to be sent. */
  isSending(roomId: string): boolean {
    return this.queue.getSnapshot().some((message) => message.roomId === roomId && message.state === "queued");
  }

  /** The server has it: told by an acknowledgement, or seen in the room after one that was lost. */
  settle(message: Message): void {
    const id = message.clientMessageId;
    if (message.isOwn && id !== null && this.find(id)) this.#remove(id, { stored: message });
  }

  /** The connection is back. */
  resume(): void {
    this.#failures = 0;
    this.#timers.cancel("retry");
    this.review();
  }

  close(): void {
    this.#timers.close();
    this.#sender?.close();
    this.#sender = null;
  }

  get #files(): MessageFiles | null {
    return this.#options.files.keeper;
  }

  #begin(roomId: string) {
    this.#lastOrder = Math.max(this.#lastOrder + 1, Date.now());
    const [clientMessageId, createdAt] = [newId(), new Date().toISOString()];
    return { clientMessageId, roomId, createdAt, order: this.#lastOrder, state: "queued", error: null } as const;
  }

  #setEntries(entries: Queue<Queued>): void {
    if (entries === this.#entries) return;
    this.#entries = entries;
    publish(this.queue, entries.filter(isMessage));
    publish(this.actions, entries.filter(isAction));
  }

  #put(entry: Queued): void {
    this.#setEntries(putQueued(this.#entries, entry));
    this.#keep(entry);
    // Told once it is on disk: the sender that hears of it may be the one that takes over and reads the disk.
    void this.#onDisk(entry.clientMessageId).then(() => this.#tabs?.tell({ kind: "queued", message: entry }));
    this.review();
  }

  #remove(clientMessageId: string, end: QueueEnd = {}): void {
    this.#take(clientMessageId, end);
    this.#faults.delete(clientMessageId);
    void this.#device?.removeQueued(clientMessageId); // the disk keeps the order of what it is told
    this.#tabs?.tell({ kind: "unqueued", clientMessageId, ...end });
  }

  #take(clientMessageId: string, { stored = null }: QueueEnd): void {
    const entry = this.find(clientMessageId);
    // Before the message is gone, so that its files are seen with it until its stored form is.
    if (entry?.fileIds) this.#files?.ended(entry, stored);
    this.#setEntries(removeQueued(this.#entries, clientMessageId));
    if (this.#restoring > 0) this.#removed.add(clientMessageId);
  }

  /** Tells what has become of an entry: before it is removed, so that nothing shows in between how it was before. */
  #report(clientMessageId: string, { stored, isDone, refusal }: QueueEnd): void {
    if (stored) this.#options.onStored(stored);
    const entry = this.find(clientMessageId);
    if (entry === undefined || isMessage(entry)) return;
    if (isDone) this.#options.onDone(entry);
    if (refusal) this.#options.onRefused(entry, new ChatError(refusal.code, refusal.message, null, refusal.details));
  }

  #endAction(clientMessageId: string, end: QueueEnd): void {
    this.#report(clientMessageId, end);
    this.#remove(clientMessageId, end);
  }

  #keep(entry: Queued): void {
    if (!this.#device) return;
    const writing = this.#device.keepQueued(entry);
    this.#writing.set(entry.clientMessageId, writing);
    void writing.then(() => this.#writing.delete(entry.clientMessageId));
  }

  async #onDisk(clientMessageId: string): Promise<void> {
    const writing = this.#writing.get(clientMessageId);
    if (writing) await bounded(writing, DISK_TIMEOUT_MS).catch(() => undefined);
  }

  async #restore(): Promise<void> {
    this.#restoring++;
    const kept = (await this.#device?.readQueue()) ?? [];
    const isNew = ({ clientMessageId: id }: Queued): boolean => !this.find(id) && !this.#removed.has(id);
    this.#setEntries(kept.filter(isNew).reduce(putQueued, this.#entries));
    this.#lastOrder = Math.max(this.#lastOrder, ...kept.map((entry) => entry.order));
    if (--this.#restoring === 0) this.#removed.clear();
  }

  #hear(message: TabMessage): void {
    if (message.kind === "queued") {
      this.#setEntries(putQueued(this.#entries, message.message));
      this.review();
    } else if (message.kind === "unqueued") {
      this.#report(message.clientMessageId, message);
      this.#take(message.clientMessageId, message);
    } else if (message.kind === "isSenderAlive" && this.#sender?.isHeld() && this.#options.isConnected()) {
      this.#tabs?.tell({ kind: "senderIsAlive" });
    } else if (message.kind === "senderIsAlive") {
      this.#timers.cancel("steal");
    }
  }

  /** Sends what may go out now. */
  review(): void {
    const now = Date.now();
    const held = this.#entries.map(heldUntil).filter((until) => until > now);
    if (held.length > 0) this.#timers.set("held", Math.min(...held) - now, () => this.review());
    if (!this.#options.isConnected()) return;
    const next = this.#next();
    if (!this.isSender()) this.#watchSender();
    else if (!this.#timers.isSet("retry")) for (const entry of next) void this.#send(entry);
  }

  #next(): Queued[] {
    return nextToSend(this.#entries, this.#busyRooms, Date.now(), (message) => this.#isWaiting(message));
  }

  #isWaiting(message: QueuedMessage): boolean {
    if (!message.fileIds) return false;
    if (!this.#files) this.#options.files.load();
    return !this.#files?.isDue(message);
  }

  async #send(entry: Queued): Promise<void> {
    this.#busyRooms.set(entry.roomId, entry.clientMessageId);
    try {
      await this.#onDisk(entry.clientMessageId);
      if (isMessage(entry)) await this.#sendMessage(entry);
      else await this.#perform(entry);
      this.#failures = 0;
    } catch (cause) {
      await this.#fail(entry, toChatError(cause));
    } finally {
      this.#busyRooms.delete(entry.roomId);
      this.review();
    }
  }

  async #sendMessage(entry: QueuedMessage): Promise<void> {
    const { clientMessageId, roomId: chatRoomId, content, replyTo, mentions, fileIds } = entry;
    const attachments = fileIds && (this.#files?.fix(clientMessageId) ?? null);
    if (attachments === null) return;
    if (attachments) await this.#onDisk(clientMessageId);
    const answered = replyTo && { replyTo: replyTo.id };
    const message = { chatRoomId, content, clientMessageId, ...answered, mentions, attachments };
    const stored = (await this.#options.request("send_message", message)) as Message;
    this.#options.onStored(stored);
    this.settle(stored);
  }

  async #perform(entry: QueuedAction): Promise<void> {
    const stored = await this.#options.perform(entry);
    this.#endAction(entry.clientMessageId, { isDone: true, ...(stored && { stored }) });
  }

  async #fail(entry: Queued, error: ChatError): Promise<void> {
    const faults = (this.#faults.get(entry.clientMessageId) ?? 0) + (error.code === "internal" ? 1 : 0);
    this.#faults.set(entry.clientMessageId, faults);
    const verdict = judge(error, faults);
    const refusal = { code: error.code, message: error.message, details: error.details };
    if (verdict.again || (isMessage(entry) && entry.fileIds && (await this.#files?.reconsider(entry, error)))) {
      const waitMs = verdict.again ? verdict.waitMs : null;
      this.#timers.set("retry", waitMs ?? backoffMs(this.#failures++, RETRY), () => this.review());
    } else if (!isMessage(entry)) {
      await bounded(this.#options.keepRefused(entry, error), KEEP_TIMEOUT_MS).catch(() => undefined);
      this.#endAction(entry.clientMessageId, { refusal });
    } else {
      this.refuse(entry.clientMessageId, refusal);
    }
  }

  #hasWork(): boolean {
    return this.#next().length > 0 || this.#files?.hasWork === true;
  }

  /** A tab that is frozen holds its lock and sends nothing: asked for a sign of life, it loses the lock without one. */
  #watchSender(): void {
    if (!this.#hasWork() || !this.#sender || this.#timers.isSet("watch") || this.#timers.isSet("steal")) return;
    this.#timers.set("watch", STUCK_MS, () => {
      if (!this.#hasWork() || this.isSender()) return;
      this.#timers.set("steal", SIGN_OF_LIFE_MS, () => this.#options.isConnected() && this.#sender?.steal());
      this.#tabs?.tell({ kind: "isSenderAlive" });
    });
  }
}

/** Nobody is told when they are the same as before. */
function publish<Entry extends Queued>(store: WritableStore<Queue<Entry>>, entries: Queue<Entry>): void {
  const before = store.getSnapshot();
  if (before.length !== entries.length || entries.some((entry, index) => entry !== before[index])) store.set(entries);
}
