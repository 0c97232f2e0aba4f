/** The tabs of one person, each with its files and its outbox, at one server and on one device. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import type { Change } from "../../lib/storage/keyValueDatabase";
import { MemoryDatabase } from "../../lib/storage/memoryDatabase";
import { Device } from "../device";
import { EventListeners } from "../eventListeners";
import { LocalFiles } from "../localFiles";
import { Outbox } from "../outbox";
import type { Tabs } from "../tabs";
import type { LocalFile, Message, PickedFile } from "../types";
import { FakeFileServer } from "./fakeFileServer";
import { FakeLocks } from "./fakeLocks";
import { makeTabs } from "./memoryTabs";
import { anOwnMessage } from "./samples";

export interface SentMessage {
  readonly chatRoomId: string;
  readonly content: string;
  readonly clientMessageId: string;
  readonly attachments?: readonly unknown[];
}

/** A disk that other tabs and later pages have, too. */
class Disk extends MemoryDatabase {
  override readonly isDurable = true as never;
  /** There is no room for bytes any more. */
  isFull = false;

  override write(changes: readonly Change[]): Promise<void> {
    const isTooMuch = this.isFull && changes.some((change) => change.store === "bytes" && "value" in change);
    return isTooMuch ? Promise.reject(new DOMException("full", "QuotaExceededError")) : super.write(changes);
  }

  override close(): void {
    // What is on it stays.
  }
}

export class FilesTab {
  isConnected = true;
  readonly events = new EventListeners();
  readonly sent: SentMessage[] = [];
  answer: (message: SentMessage) => Promise<Message>;
  readonly outbox: Outbox;
  readonly files: LocalFiles;

  constructor(bench: FilesBench) {
    this.answer = (sent) => bench.store(sent);
    const isConnected = () => this.isConnected;
    this.files = new LocalFiles({
      isConnected,
      server: { request: bench.server.request, on: (event, listener) => this.events.on(event, listener) },
      transport: bench.server.transport,
      tus: { serverUrl: "", getToken: () => Promise.resolve("token") },
      outbox: () => this.outbox,
      findMaxBytes: () => Promise.resolve(bench.maxBytes),
    });
    this.outbox = new Outbox({
      isConnected,
      request: (_event, payload) => {
        this.sent.push(payload as SentMessage);
        return this.answer(payload as SentMessage);
      },
      onStored: () => undefined,
      perform: () => Promise.resolve(undefined),
      onDone: () => undefined,
      keepRefused: () => Promise.resolve(),
      onRefused: () => undefined,
      files: this.files,
    });
  }

  get list(): LocalFile[] {
    return [...this.files.local.getSnapshot().values()];
  }

  /** Name and state of each file. */
  get states(): string[] {
    return this.list.map(({ name, state }) => `${name} ${state}`);
  }

  get queue(): string[] {
    return this.outbox.queue.getSnapshot().map(({ content, state }) => `${content} ${state}`);
  }

  get sentContents(): string[] {
    return this.sent.map(({ content }) => content);
  }

  /** Adds files of these names, four bytes each. Returns their ids once what can happen at once has happened. */
  async add(
    names: readonly string[],
    roomId = "room",
    early: Pick<PickedFile, "announced"> = {},
  ): Promise<readonly string[]> {
    const adding = this.files.add(
      roomId,
      names.map((name) => ({ ...picked(name), ...early })),
    );
    const [ids] = await Promise.all([adding, settle()]);
    return ids;
  }

  reconnect(): void {
    this.isConnected = true;
    this.outbox.resume();
    this.files.keeper?.resume();
  }

  close(): void {
    this.files.close();
    this.outbox.close();
  }
}

export class FilesBench {
  readonly #open: FilesTab[] = [];
  server = this.#serve();
  disk = new Disk();
  maxBytes: number | null = null;
  /** What the server has stored, in order. */
  stored: Message[] = [];
  #tabs: Tabs[] = [];
  readonly #tabsOf = new Map<FilesTab, Tabs>();

  constructor() {
    beforeEach(() => {
      vi.useFakeTimers();
      vi.stubGlobal("navigator", { locks: new FakeLocks() });
      this.server = this.#serve();
      this.disk = new Disk();
      this.maxBytes = null;
      this.stored = [];
      this.#tabs = makeTabs(6);
    });
    afterEach(() => {
      for (const tab of this.#open.splice(0)) tab.close();
      expect(vi.getTimerCount()).toBe(0);
      vi.useRealTimers();
    });
  }

  /** A page that is opened; the first that is sends. */
  async open({ isConnected = true, isDurable = true } = {}): Promise<FilesTab> {
    const tab = new FilesTab(this);
    tab.isConnected = isConnected;
    const [tabs] = this.#tabs.splice(0, 1);
    if (!tabs) throw new Error("There are no more tabs.");
    const device = new Device(isDurable ? this.disk : new MemoryDatabase());
    this.#open.push(tab);
    this.#tabsOf.set(tab, tabs);
    await tab.outbox.attach(device, tabs, "outbox");
    await tab.files.attach(device, tabs);
    await settle();
    return tab;
  }

  #serve(): FakeFileServer {
    return new FakeFileServer((payload) => {
      for (const { isConnected, events } of this.#open) if (isConnected) events.emit("file_updated", payload);
    });
  }

  /** A tab that keeps its lock, hears nothing and does nothing. */
  freeze(tab: FilesTab): void {
    this.#tabsOf.get(tab)?.close();
    tab.isConnected = false;
  }

  /** As the server does: a message that it has is answered with what is stored. */
  store({ chatRoomId, content, clientMessageId, attachments = [] }: SentMessage): Promise<Message> {
    const known = this.stored.find((message) => message.clientMessageId === clientMessageId);
    if (known) return Promise.resolve(known);
    for (const id of attachments.map(idOf)) {
      const state = this.server.files.get(id)?.state;
      if (state === undefined || state === "removed") return Promise.reject(new ChatError("not_found", ""));
      if (state !== "ready") return Promise.reject(new ChatError("file_not_ready", ""));
    }
    const message = anOwnMessage(this.stored.length + 1, { roomId: chatRoomId, content, clientMessageId });
    this.stored.push(message);
    return Promise.resolve(message);
  }
}

function idOf(attachment: unknown): string {
  return typeof attachment === "string" ? attachment : (attachment as { id: string }).id;
}

// The dynamic import of what keeps files takes real time.
export async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
}

export const picked = (name: string, size = 4, type = "image/png"): PickedFile => ({
  name,
  blob: new Blob(["x".repeat(size)], { type }),
});
