/** The conversations that are open: one model for each room, however many views look at it. And the care for the others. */
import { isRecord } from "../lib/api/envelope";
import type { Backfill } from "./backfill";
import { ConversationModel } from "./conversation";
import type { ConversationServices } from "./conversationServices";
import type { EventListeners } from "./eventListeners";
import { PositionSender } from "./positionSender";
import type { Conversation, Message } from "./types";

// A view that is made anew (React does it twice in development) finds its conversation still joined.
const LINGER_MS = 50;

interface Open {
  readonly model: ConversationModel;
  views: number;
  lingering: ReturnType<typeof setTimeout> | null;
}

export interface ConversationsOptions extends ConversationServices {
  markRead(roomId: string, seq: number): void;
}

export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #open = new Map<string, Open>();
  #backfill: Backfill | null = null;
  /** Tells what an earlier page has read without a network. */
  readonly #readBefore: PositionSender;
  readonly #endWatch: () => void;
  #isClosed = false;

  constructor(options: ConversationsOptions, events: EventListeners) {
    this.#options = options;
    const { rooms, request } = options;
    void this.#beginBackfill();
    this.#readBefore = new PositionSender({ event: "mark_read", request });
    this.#endWatch = rooms.state.subscribe(() => this.#tellReadBefore());
    events.on("chat_history", (payload) => this.#hearHistory(payload));
    events.on("new_message", (payload) => isMessage(payload) && this.#hearMessage(payload));
    events.on("message_changed", (payload) => this.#hearChange(payload));
    events.on("message_read", (payload) => this.#hearReceipt(payload, true));
    events.on("message_delivered", (payload) => this.#hearReceipt(payload, false));
  }

  open(roomId: string): Conversation {
    const open = this.#open.get(roomId) ?? this.#make(roomId);
    open.views++;
    if (open.lingering !== null) clearTimeout(open.lingering);
    open.lingering = null;
    return this.#view(open);
  }

  /** One's own message is stored, or what one has done to a message. */
  put(message: Message): void {
    this.#open.get(message.roomId)?.model.hearMessage(message);
    this.#options.rooms.hearChange(message);
  }

  /** One is no member of the room any more. */
  removed(roomId: string): void {
    const open = this.#open.get(roomId);
    if (open) open.model.removed();
    else this.#options.forget(roomId);
  }

  /** Connected (again). */
  async rejoin(): Promise<void> {
    this.#tellReadBefore();
    this.#readBefore.resume();
    await Promise.all([...this.#open.values()].map(({ model }) => model.rejoin()));
  }

  disconnected(): void {
    for (const { model } of this.#open.values()) model.disconnected();
  }

  flush(): void {
    for (const { model } of this.#open.values()) model.flush();
  }

  close(): void {
    this.#isClosed = true;
    this.#endWatch();
    this.#backfill?.close();
    this.#readBefore.close();
    for (const open of [...this.#open.values()]) this.#end(open);
  }

  /** Nobody waits for it: the first load does without. Where it cannot be had, the next page makes up for it. */
  async #beginBackfill(): Promise<void> {
    const loaded = await import("./backfill").catch(() => null);
    if (loaded === null || this.#isClosed) return;
    this.#backfill = new loaded.Backfill({ ...this.#options, isOpen: (roomId) => this.#open.has(roomId) });
  }

  #tellReadBefore(): void {
    if (!this.#options.isConnected()) return;
    for (const { roomId, seq } of this.#options.rooms.readBefore()) this.#readBefore.mark(roomId, seq);
  }

  #make(roomId: string): Open {
    const open = { model: new ConversationModel(roomId, this.#options), views: 0, lingering: null };
    this.#open.set(roomId, open);
    void open.model.open();
    return open;
  }

  #view(open: Open): Conversation {
    const { model } = open;
    const { outbox } = this.#options;
    let isClosed = false;
    return {
      roomId: model.roomId,
      getSnapshot: model.state.getSnapshot,
      subscribe: model.state.subscribe,
      loadOlder: () => model.loadOlder(),
      loadNewer: () => model.past.loadNewer(),
      goTo: (seq, how) => model.past.goTo(seq, how),
      goToMoment: (moment) => model.past.goToMoment(moment),
      goToLatest: () => model.past.goToLatest(),
      forgetSeek: () => model.past.forgetFailure(),
      send: (...message) => model.send(...message),
      retry: (clientMessageId) => outbox.retry(clientMessageId),
      discard: (clientMessageId) => outbox.discard(clientMessageId),
      setTyping: (isTyping) => model.typing.set(isTyping),
      markRead: (seq) => this.#options.markRead(model.roomId, seq),
      reload: () => model.reload(),
      close: () => {
        if (isClosed) return;
        isClosed = true;
        if (--open.views === 0) open.lingering = setTimeout(() => this.#end(open), LINGER_MS);
      },
    };
  }

  #end(open: Open): void {
    if (open.lingering !== null) clearTimeout(open.lingering);
    if (this.#open.get(open.model.roomId) === open) this.#open.delete(open.model.roomId);
    open.model.close();
  }

  #hearHistory(payload: unknown): void {
    if (!Array.isArray(payload)) return;
    const messages = payload.filter(isMessage);
    const [first] = messages;
    if (first) this.#open.get(first.roomId)?.model.hearHistory(messages);
  }

  #hearMessage(message: Message): void {
    if (!message.isOwn) this.#options.delivered.mark(message.roomId, message.seq);
    this.#open.get(message.roomId)?.model.hearMessage(message);
  }

  #hearChange(payload: unknown): void {
    if (!isRecord(payload) || typeof payload.change !== "number" || !isMessage(payload.message)) return;
    const { change, message } = payload;
    this.#open.get(message.roomId)?.model.hearChange(change, message);
    this.#options.rooms.hearChange(message);
  }

  #hearReceipt(payload: unknown, isRead: boolean): void {
    if (!isRecord(payload) || typeof payload.chatRoomId !== "string") return;
    const { userId, seq } = payload;
    if (typeof userId !== "string" || typeof seq !== "number") return;
    this.#open.get(payload.chatRoomId)?.model.hearReceipt(userId, { read: isRead ? seq : 0, delivered: seq });
  }
}

function isMessage(payload: unknown): payload is Message {
  return isRecord(payload) && typeof payload.roomId === "string" && typeof payload.seq === "number";
}
