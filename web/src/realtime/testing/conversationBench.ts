/** One conversation with all that it needs of the client, at a server that answers as a test says. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { ChatApi } from "../chatApi";
import { ConversationModel } from "../conversation";
import type { ConversationServices } from "../conversationServices";
import type { KeptConversation } from "../device";
import { anOutbox } from "./anOutbox";
import { PositionSender } from "../positionSender";
import { NO_RECEIPTS } from "../receipts";
import { RoomsModel } from "../rooms";
import { TypingWatch } from "../typingWatch";
import type { Message, Room } from "../types";
import { aRoom, aRun, MAYA } from "./samples";

type Services = { -readonly [Name in keyof ConversationServices]: ConversationServices[Name] };

export class ConversationBench {
  isConnected = true;
  isHopeless = false;
  areRoomsFresh = false;
  kept: KeptConversation | undefined;
  readonly request = vi.fn<(event: string, payload: unknown) => Promise<unknown>>();
  readonly tell = vi.fn<(event: string, payload: unknown) => void>();
  readonly keep = vi.fn<(conversation: KeptConversation) => void>();
  readonly forget = vi.fn<(roomId: string) => void>();
  readonly listMessages = vi.fn<(roomId: string, before?: number) => Promise<Message[]>>();
  readonly listMessagesAfter = vi.fn<(roomId: string, after: number) => Promise<Message[]>>();
  readonly listMessagesAround = vi.fn<(roomId: string, around: number) => Promise<Message[]>>();
  readonly findMessageBefore = vi.fn<(roomId: string, before: string) => Promise<Message | undefined>>();
  readonly services: Services;
  #model: ConversationModel | null = null;

  constructor() {
    const { request } = this;
    const { listMessages, listMessagesAfter, listMessagesAround, findMessageBefore } = this;
    const pages = { listMessages, listMessagesAfter, listMessagesAround, findMessageBefore };
    const api = pages as unknown as ChatApi;
    const typing = new TypingWatch();
    const onStored = (message: Message) => this.model.hearMessage(message);
    const outbox = anOutbox({ isConnected: () => false, request, onStored });
    this.services = {
      me: new WritableStore(MAYA),
      api,
      rooms: new RoomsModel(api, typing, outbox.actions, () => MAYA.id),
      outbox,
      typing,
      delivered: new PositionSender({ event: "mark_delivered", request }),
      recent: new Map(),
      areRoomsFresh: () => this.areRoomsFresh,
      isConnected: () => this.isConnected,
      isHopeless: () => this.isHopeless,
      request: <T>(event: string, payload: unknown) => request(event, payload) as Promise<T>,
      tell: this.tell,
      readKept: () => Promise.resolve(this.kept),
      listKept: () => Promise.resolve([]),
      keep: this.keep,
      forget: this.forget,
    };
  }

  get model(): ConversationModel {
    if (!this.#model) throw new Error("No conversation was made.");
    return this.#model;
  }

  get state() {
    return this.model.state.getSnapshot();
  }

  get seqs(): (number | null)[] {
    return this.state.items.map(({ seq }) => seq);
  }

  /** What was asked for with each join. */
  get joins(): unknown[] {
    return this.request.mock.calls.filter(([event]) => event === "join_chat").map(([, payload]) => payload);
  }

  keepsUpTo(messages: readonly Message[]): void {
    const lastChange = lastChangeOf(messages);
    this.kept = { roomId: "room", messages, lastChange, receipts: NO_RECEIPTS, keptAt: 0 };
  }

  /** The server has these messages: it answers joins and syncs with them, as far as they are asked for. */
  serve(messages: readonly Message[], change: Partial<Room> = {}, cursors: object = {}): void {
    const lastSeq = messages.at(-1)?.seq ?? 0;
    const lastChange = lastChangeOf(messages);
    const changedSince = (change: number, seq: number) =>
      messages.filter((message) => message.seq <= seq && message.change > change).sort((a, b) => a.change - b.change);
    this.request.mockImplementation((event, payload) => {
      if (event === "join_chat") {
        const { afterSeq, afterChange = 0 } = payload as { afterSeq?: number; afterChange?: number };
        const reload = afterSeq !== undefined && lastSeq - afterSeq > 500;
        const from = afterSeq === undefined || reload ? lastSeq - 50 : afterSeq;
        const history = messages.filter(({ seq }) => seq > from);
        if (history.length > 0) this.model.hearHistory(history);
        if (afterSeq !== undefined && !reload)
          for (const message of changedSince(afterChange, afterSeq)) this.model.hearChange(message.change, message);
        return Promise.resolve({ room: aRoom({ lastSeq, lastChange, ...change }), reload });
      }
      if (event !== "sync") return Promise.reject(new ChatError("not_found", ""));
      const known = (payload as { rooms: { room: { seq: number; change: number } } }).rooms.room;
      const missed = messages.filter(({ seq }) => seq > known.seq);
      const changed = changedSince(known.change, known.seq);
      const room = { roomId: "room", messages: missed, changed, lastSeq, lastChange, cursors, reload: false };
      return Promise.resolve({ rooms: [room], more: false });
    });
  }

  /** The server has messages up to this seq: it answers with pages of them, as long as none is asked for by `serve`. */
  servePages(last: number): void {
    const page = (from: number) => Promise.resolve(aRun(Math.max(1, from), Math.min(from + 49, last)));
    this.listMessages.mockImplementation((_, before = last + 1) => page(before - 50));
    this.listMessagesAfter.mockImplementation((_, after) => page(after + 1));
    this.listMessagesAround.mockImplementation((_, around) => page(Math.min(around - 24, last - 49)));
  }

  make(): ConversationModel {
    this.#model = new ConversationModel("room", this.services);
    return this.#model;
  }

  async open(): Promise<void> {
    await this.make().open();
    await settle();
  }

  close(): void {
    this.#model?.close();
    this.services.rooms.close();
  }
}

function lastChangeOf(messages: readonly Message[]): number {
  return Math.max(0, ...messages.map(({ change }) => change));
}

export const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** A bench for each test of a file, on fake timers; none is left when it ends. */
export function setUpConversation(): () => ConversationBench {
  let bench: ConversationBench;
  beforeEach(() => {
    vi.useFakeTimers();
    bench = new ConversationBench();
  });
  afterEach(() => {
    bench.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
  return () => bench;
}
