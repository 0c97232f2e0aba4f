/**
 * The queue of what was written: durable first, then sent in order, once, by whichever tab is the sender. Sending again
 * is safe at any time, because the server knows a message by its clientMessageId for ever.
 */
import { toChatError, type ChatError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import { backoffMs } from "./backoff";
import { bounded } from "./bounded";
import type { Device } from "./device";
import { newId } from "./ids";
import { judge, nextToSend, putMessage, removeMessage, type Queue, type QueuedMessage } from "./outboxQueue";
import { becomeSoleSender, type SoleSender } from "./soleSender";
import type { TabMessage, Tabs } from "./tabs";
import { Timers } from "./timers";
import type { Message } from "./types";

const RETRY = { minMs: 1_000, maxMs: 30_000 };
// Longer than IndexedDB takes; a disk that hangs must not hold up what the network could carry.
const DISK_TIMEOUT_MS = 300;
const SIGN_OF_LIFE_MS = 2_000;
const STUCK_MS = 4_000;

export interface OutboxOptions {
  isConnected(): boolean;
  request(event: string, payload: unknown): Promise<unknown>;
  /** A message of ours is stored: acknowledged here, or in another tab. */
  onStored(message: Message): void;
}

export class Outbox {
  readonly queue = new WritableStore<Queue>([]);
  readonly #options: OutboxOptions;
  readonly #timers = new Timers();
  readonly #busyRooms = new Set<string>();
  readonly #writing = new Map<string, Promise<unknown>>();
  readonly #faults = new Map<string, number>();
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
    for (const message of this.queue.getSnapshot()) this.#keep(message);
    await this.#restore();
    const onChange = (isHeld: boolean) => {
      // Whoever takes over may not have heard all that the one before was told.
      if (isHeld) void this.#restore().then(() => this.#pump());
    };
    this.#sender = becomeSoleSender({ name: lockName, database: device.database, onChange });
  }

  add(roomId: string, content: string): QueuedMessage {
    this.#lastOrder = Math.max(this.#lastOrder + 1, Date.now());
    const message: QueuedMessage = {
      clientMessageId: newId(),
      roomId,
      content,
      createdAt: new Date().toISOString(),
      order: this.#lastOrder,
      state: "queued",
      error: null,
    };
    this.#put(message);
    return message;
  }

  /** Queues a refused message again, where it stood. */
  retry(clientMessageId: string): void {
    const message = this.#find(clientMessageId);
    if (message?.state === "refused") this.#put({ ...message, state: "queued", error: null });
  }

  discard(clientMessageId: string): void {
    if (this.#find(clientMessageId)) this.#remove(clientMessageId, null);
  }

  /** The server has it: told by an acknowledgement, or seen in the room after one that was lost. */
  settle(message: Message): void {
    const id = message.clientMessageId;
    if (message.isOwn && id !== null && this.#find(id)) this.#remove(id, message);
  }

  /** The connection is back. */
  resume(): void {
    this.#failures = 0;
    this.#timers.cancel("retry");
    this.#pump();
  }

  close(): void {
    this.#timers.close();
    this.#sender?.close();
    this.#sender = null;
  }

  #find(clientMessageId: string): QueuedMessage | undefined {
    return this.queue.getSnapshot().find((message) => message.clientMessageId === clientMessageId);
  }

  #put(message: QueuedMessage): void {
    this.queue.update((queue) => putMessage(queue, message));
    this.#keep(message);
    // Told once it is on disk: the sender that hears of it may be the one that takes over and reads the disk.
    void this.#onDisk(message.clientMessageId).then(() => this.#tabs?.tell({ kind: "queued", message }));
    this.#pump();
  }

  #remove(clientMessageId: string, stored: Message | null): void {
    this.queue.update((queue) => removeMessage(queue, clientMessageId));
    this.#faults.delete(clientMessageId);
    void this.#device?.removeQueued(clientMessageId); // the disk keeps the order of what it is told
    this.#tabs?.tell({ kind: "unqueued", clientMessageId, stored });
  }

  #keep(message: QueuedMessage): void {
    if (!this.#device) return;
    const writing = this.#device.keepQueued(message);
    this.#writing.set(message.clientMessageId, writing);
    void writing.then(() => this.#writing.delete(message.clientMessageId));
  }

  async #onDisk(clientMessageId: string): Promise<void> {
    const writing = this.#writing.get(clientMessageId);
    if (writing) await bounded(writing, DISK_TIMEOUT_MS).catch(() => undefined);
  }

  async #restore(): Promise<void> {
    const kept = (await this.#device?.readQueue()) ?? [];
    this.queue.update((queue) => kept.filter((message) => !queue.some(isSame(message))).reduce(putMessage, queue));
    this.#lastOrder = Math.max(this.#lastOrder, ...kept.map((message) => message.order));
  }

  #hear(message: TabMessage): void {
    if (message.kind === "queued") {
      this.queue.update((queue) => putMessage(queue, message.message));
      this.#pump();
    } else if (message.kind === "unqueued") {
      if (message.stored) this.#options.onStored(message.stored);
      this.queue.update((queue) => removeMessage(queue, message.clientMessageId));
    } else if (message.kind === "isSenderAlive" && this.#sender?.isHeld() && this.#options.isConnected()) {
      this.#tabs?.tell({ kind: "senderIsAlive" });
    } else if (message.kind === "senderIsAlive") {
      this.#timers.cancel("steal");
    }
  }

  /** Sends what may go out now. */
  #pump(): void {
    const next = nextToSend(this.queue.getSnapshot(), this.#busyRooms);
    if (next.length === 0 || !this.#options.isConnected()) return;
    if (!this.#sender?.isHeld()) this.#watchSender();
    else if (!this.#timers.isSet("retry")) for (const message of next) void this.#send(message);
  }

  async #send(message: QueuedMessage): Promise<void> {
    this.#busyRooms.add(message.roomId);
    try {
      await this.#onDisk(message.clientMessageId);
      const { clientMessageId, roomId: chatRoomId, content } = message;
      const stored = (await this.#options.request("send_message", { chatRoomId, content, clientMessageId })) as Message;
      this.#failures = 0;
      this.#options.onStored(stored);
      this.settle(stored);
    } catch (cause) {
      this.#fail(message, toChatError(cause));
    } finally {
      this.#busyRooms.delete(message.roomId);
      this.#pump();
    }
  }

  #fail(message: QueuedMessage, error: ChatError): void {
    const faults = (this.#faults.get(message.clientMessageId) ?? 0) + (error.code === "internal" ? 1 : 0);
    this.#faults.set(message.clientMessageId, faults);
    const verdict = judge(error, faults);
    if (verdict.again) {
      const waitMs = verdict.waitMs ?? backoffMs(this.#failures++, RETRY);
      this.#timers.set("retry", waitMs, () => this.#pump());
    } else if (this.#find(message.clientMessageId)) {
      this.#put({ ...message, state: "refused", error: { code: error.code, message: error.message } });
    }
  }

  /** A tab that is frozen holds its lock and sends nothing: asked for a sign of life, it loses the lock without one. */
  #watchSender(): void {
    if (!this.#sender || this.#timers.isSet("watch") || this.#timers.isSet("steal")) return;
    this.#timers.set("watch", STUCK_MS, () => {
      if (nextToSend(this.queue.getSnapshot(), this.#busyRooms).length === 0 || this.#sender?.isHeld()) return;
      this.#timers.set("steal", SIGN_OF_LIFE_MS, () => this.#options.isConnected() && this.#sender?.steal());
      this.#tabs?.tell({ kind: "isSenderAlive" });
    });
  }
}

function isSame(message: QueuedMessage): (other: QueuedMessage) => boolean {
  return (other) => other.clientMessageId === message.clientMessageId;
}
