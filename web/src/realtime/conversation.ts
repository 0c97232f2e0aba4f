/** One open conversation: joined while connected, whole by seq, kept on the device. */
import { ChatError, offlineError, toChatError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import { clean } from "../lib/text/cleaning";
import { backoffMs } from "./backoff";
import * as facts from "./conversationFacts";
import { ConversationPast } from "./conversationPast";
import type { ConversationServices, JoinAnswer, SyncAnswer } from "./conversationServices";
import { EMPTY_VIEW, viewOf } from "./conversationView";
import { KEPT_MESSAGES } from "./device";
import type { Queue, QueuedAction } from "./outboxQueue";
import type { Cursor } from "./receipts";
import { firstSeq, lastWholeSeq } from "./timeline";
import { Timers } from "./timers";
import type { ConversationState, Message, Quote, Room } from "./types";
import { TypingSender } from "./typingSender";

const GAP_PATIENCE_MS = 150;
// As many as the server sends to one who joins again; more is begun anew.
const MAX_SYNC_GAP = 500;
const KEEP_DELAY_MS = 1_000;
const OLDER_RETRY_MS = 2_000;
const RETRY = { minMs: 1_000, maxMs: 30_000 };
const NOBODY: readonly string[] = [];

export class ConversationModel {
  readonly state = new WritableStore<ConversationState>(EMPTY_VIEW);
  readonly roomId: string;
  readonly typing: TypingSender;
  readonly past: ConversationPast;
  readonly #services: ConversationServices;
  readonly #timers = new Timers();
  readonly #ends: (() => void)[];
  #facts = facts.NO_FACTS;
  /** What is kept is being read from the device. */
  #restoring: Promise<void> | null = null;
  /** Grows with each join, so that the answer to an old one is not taken for the new one's. */
  #join = 0;
  #isJoined = false;
  #isMarkEnded = false;
  /** What `chat_history` has brought for the join under way. */
  #history: readonly Message[] = [];
  #failures = 0;
  #olderFailedAt = -Infinity;
  #isClosed = false;

  constructor(roomId: string, services: ConversationServices) {
    this.roomId = roomId;
    this.#services = services;
    this.typing = new TypingSender((isTyping) => services.tell("typing", { chatRoomId: roomId, isTyping }));
    this.past = new ConversationPast({
      roomId,
      api: services.api,
      get: () => this.#facts,
      set: (now) => this.#isClosed || this.#set(now),
      whenRestored: () => this.#restoring,
    });
    this.#ends = [
      services.rooms.state.subscribe(() => this.#followRoom()),
      services.outbox.queue.subscribe(() => this.#publish()),
      services.outbox.actions.subscribe(() => this.#publish()),
      services.typing.state.subscribe(() => this.#publish()),
      services.me.subscribe(() => this.#publish()),
    ];
    this.#followRoom();
    this.#drawLine();
    this.#publish();
  }

  /** Shows what is kept, then joins. */
  async open(): Promise<void> {
    this.#restoring = this.#restore();
    await this.#restoring;
    this.#restoring = null;
    await this.rejoin();
  }

  /** Joins (again): what was missed comes as `chat_history`. Never throws. */
  async rejoin(): Promise<void> {
    if (this.#isClosed || this.#restoring) return; // it joins when what is kept is shown
    if (!this.#services.isConnected()) {
      this.disconnected();
      return;
    }
    const join = ++this.#join;
    const { hasTimeline, timeline } = this.#facts;
    const known = hasTimeline && { afterSeq: lastWholeSeq(timeline), afterChange: timeline.lastChange };
    const payload = { chatRoomId: this.roomId, ...known };
    this.#leave();
    this.#history = [];
    try {
      const answer = await this.#services.request<JoinAnswer>("join_chat", payload);
      if (join === this.#join) this.#settleJoin(answer);
    } catch (cause) {
      if (join === this.#join) this.#failJoin(cause);
    }
  }

  /** There is no connection: it joins when there is one, and says so when there is nothing to show meanwhile. */
  disconnected(): void {
    this.#join++;
    this.#leave();
    this.typing.forget();
    if (!this.#restoring && this.#services.isHopeless()) this.#set(facts.failed(this.#facts, offlineError()));
  }

  /** `chat_history` of this room. */
  hearHistory(messages: readonly Message[]): void {
    this.#history = messages;
    this.#set(facts.learnRun(this.#facts, messages));
  }

  /** `new_message`, or the acknowledgement of what was written or changed here. */
  hearMessage(message: Message): void {
    const isNew = message.seq > lastWholeSeq(this.#facts.timeline);
    this.#set(facts.learnMessage(this.#facts, message));
    if (isNew) this.#services.typing.end(this.roomId, message.senderId);
    this.#watchGap();
  }

  /** `message_changed`. */
  hearChange(change: number, message: Message): void {
    this.#set(facts.learnChange(this.#facts, change, message));
    this.#watchGap();
  }

  /** `message_read` or `message_delivered`. */
  hearReceipt(userId: string, reached: Cursor): void {
    this.#set(facts.learnCursor(this.#facts, userId, reached));
  }

  /** One is no member any more: nothing of it may be seen. */
  removed(): void {
    this.#join++;
    this.#leave();
    this.#failJoin(new ChatError("access_denied", "You are no member of this conversation any more."));
  }

  async loadOlder(): Promise<void> {
    const { phase, hasOlder, isLoadingOlder } = this.state.getSnapshot();
    if (phase !== "ready" || !hasOlder || isLoadingOlder) return;
    if (performance.now() - this.#olderFailedAt < OLDER_RETRY_MS) return; // a view at the top asks with every frame
    this.#set({ ...this.#facts, isLoadingOlder: true });
    let older: readonly Message[] = [];
    try {
      older = await this.#services.api.listMessages(this.roomId, firstSeq(this.#facts.timeline));
    } catch {
      this.#olderFailedAt = performance.now();
    }
    this.#set({ ...facts.learnOlder(this.#facts, older), isLoadingOlder: false });
  }

  send(
    content: string,
    replyTo: Quote | null = null,
    mentions: readonly string[] = [],
    fileIds: readonly string[] = [],
  ): void {
    const text = clean(content);
    if (!text && fileIds.length === 0) return;
    this.typing.forget();
    this.#services.outbox.add(this.roomId, text, replyTo, mentions, fileIds);
  }

  /** Loads anew after a failure. */
  reload(): void {
    if (this.#facts.phase !== "failed") return;
    this.#failures = 0;
    this.#set({ ...this.#facts, phase: "loading", error: null });
    void this.rejoin();
  }

  /** Writes the end of the conversation down at once: the page may be about to end. */
  flush(): void {
    if (this.#timers.isSet("keep")) this.#keep();
    this.#timers.cancel("keep");
  }

  close(): void {
    this.flush();
    this.#isClosed = true;
    this.#join++;
    this.past.close();
    for (const end of this.#ends.splice(0)) end();
    this.typing.close();
    this.#services.typing.leave(this.roomId);
    this.#timers.close();
    // A join under way is undone as well: the server handles what we say in order.
    this.#services.tell("leave_chat", { chatRoomId: this.roomId });
  }

  /** What is shown is only remembered, from now on. */
  #leave(): void {
    this.#isJoined = false;
    this.#timers.cancel("join");
    this.#publish();
  }

  async #restore(): Promise<void> {
    const kept = this.#services.recent.get(this.roomId) ?? (await this.#services.readKept(this.roomId));
    this.#set(facts.restore(this.#facts, kept));
    this.#drawLine();
  }

  /** The line of new messages, as far as the list of rooms knows; final only when that came from the server. */
  #drawLine(): void {
    const { room } = this.#facts;
    if (room) this.#set(facts.drawLine(this.#facts, room, this.#services.areRoomsFresh()));
  }

  #settleJoin({ room, reload }: JoinAnswer): void {
    this.#isJoined = true;
    this.#failures = 0;
    this.#set(facts.joined(this.#facts, room, this.#history, reload));
    this.#history = [];
    this.#services.delivered.learn(this.roomId, room.lastSeq);
    this.#services.rooms.put(room);
    this.#endUnreadMark(room);
    // Receipts that were missed are in no history; the cursors of a sync say where everybody stands.
    void this.#sync();
  }

  #failJoin(cause: unknown): void {
    const error = toChatError(cause);
    this.#set(facts.failed(this.#facts, error));
    if (!facts.isPassing(error)) {
      this.#timers.cancel("keep");
      this.#services.forget(this.roomId);
    } else if (this.#services.isConnected()) {
      this.#timers.set("join", backoffMs(this.#failures++, RETRY), () => void this.rejoin());
    }
  }

  #followRoom(): void {
    const room = this.#services.rooms.find(this.roomId);
    if (!room || room === this.#facts.room) return;
    this.#endUnreadMark(room);
    this.#set({ ...this.#facts, room });
    this.#watchGap();
  }

  /** Whoever opens a conversation has come back to it. A mark that is set while it is open stays. */
  #endUnreadMark(room: Room): void {
    if (this.#isMarkEnded) return;
    this.#isMarkEnded = true;
    if (room.markedUnread) this.#services.outbox.act(this.roomId, { kind: "markUnread", unread: false });
  }

  /** Messages that must exist and have not come are fetched, after a moment in which they may still come. */
  #watchGap(): void {
    if (!this.#isJoined || this.#timers.isSet("gap") || !facts.hasGap(this.#facts)) return;
    this.#timers.set("gap", GAP_PATIENCE_MS, () => this.#closeGap());
  }

  #closeGap(): void {
    if (!this.#isJoined || !facts.hasGap(this.#facts)) return;
    const { room, timeline } = this.#facts;
    if ((room?.lastSeq ?? 0) - lastWholeSeq(timeline) > MAX_SYNC_GAP) void this.rejoin();
    else void this.#sync();
  }

  async #sync(): Promise<void> {
    const { timeline } = this.#facts;
    const known = { seq: lastWholeSeq(timeline), change: timeline.lastChange };
    // Whatever fails comes again: the next message, news of the room, or the next connect looks for gaps.
    const request = this.#services.request<SyncAnswer>("sync", { rooms: { [this.roomId]: known } });
    const answer = await request.catch(() => null);
    const synced = answer?.rooms.find(({ roomId }) => roomId === this.roomId);
    if (!answer || !synced || this.#isClosed) return;
    const lastChange = answer.more ? (synced.changed.at(-1)?.change ?? known.change) : synced.lastChange;
    const withCursors = Object.entries(synced.cursors).reduce(
      (all, [userId, at]) => facts.learnCursor(all, userId, { read: at.lastReadSeq, delivered: at.lastDeliveredSeq }),
      this.#facts,
    );
    this.#set(facts.learnChanged(facts.learnRun(withCursors, synced.messages), synced.changed, lastChange));
    for (const message of synced.changed) this.#services.rooms.hearChange(message);
    const { timeline: now } = this.#facts;
    if (lastWholeSeq(now) > known.seq || now.lastChange > known.change) this.#watchGap();
  }

  #set(now: facts.Facts): void {
    const before = this.#facts;
    if (now === before) return;
    this.#facts = now;
    if (now.timeline !== before.timeline) this.#settleQueued();
    if (now.timeline !== before.timeline || now.receipts !== before.receipts) this.#keepSoon();
    this.#publish();
  }

  /** What the server has waits no longer, even if its acknowledgement was lost. */
  #settleQueued(): void {
    const { messages, ahead } = this.#facts.timeline;
    for (const { clientMessageId } of this.#queue()) {
      const isIt = (message: Message) => message.isOwn && message.clientMessageId === clientMessageId;
      const stored = ahead.find(isIt) ?? messages.findLast(isIt);
      if (stored) this.#services.outbox.settle(stored);
    }
  }

  #queue(): Queue {
    return this.#services.outbox.queue.getSnapshot().filter((message) => message.roomId === this.roomId);
  }

  #actions(): Queue<QueuedAction> {
    return this.#services.outbox.actions.getSnapshot().filter((entry) => entry.roomId === this.roomId);
  }

  #publish(): void {
    const me = this.#services.me.getSnapshot();
    const typing = this.#services.typing.state.getSnapshot()[this.roomId] ?? NOBODY;
    this.state.update((state) =>
      viewOf(state, this.#facts, {
        me,
        queue: this.#queue(),
        actions: this.#actions(),
        typing,
        isJoined: this.#isJoined,
      }),
    );
  }

  #keepSoon(): void {
    if (!this.#timers.isSet("keep")) this.#timers.set("keep", KEEP_DELAY_MS, () => this.#keep());
  }

  #keep(): void {
    const { timeline, receipts } = this.#facts;
    const messages = timeline.messages.slice(-KEPT_MESSAGES);
    if (messages.length === 0) return;
    const { lastChange } = timeline;
    this.#services.keep({ roomId: this.roomId, messages, lastChange, receipts, keptAt: Date.now() });
  }
}
