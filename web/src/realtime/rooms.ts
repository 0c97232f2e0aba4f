/** The list of conversations: from the cache at once, from the server when it answers, live from then on. */
import { toChatError } from "../lib/api/chatError";
import { isRecord } from "../lib/api/envelope";
import { WritableStore } from "../lib/store";
import type { ChatApi } from "./chatApi";
import type { Store } from "../lib/store";
import type { Device, ReadMark } from "./device";
import type { Queue, QueuedAction } from "./outboxQueue";
import { applyPresenceChanged, applyStatus, putPresences, type PresenceById, type PresenceChange } from "./presence";
import { ReadMarks } from "./readMarks";
import { applyActions } from "./roomActions";
import { changeLast, countUnread, findRoom, othersIn, putRoom, readUpTo, sortRooms } from "./roomList";
import { Timers } from "./timers";
import type { TypingWatch } from "./typingWatch";
import type { Message, Room, RoomsState } from "./types";
import { UnreadElsewhere } from "./unreadElsewhere";

const KEEP_DELAY_MS = 1_000;
const PRESENCE_DELAY_MS = 50;
// As long as nothing is said of a connection that is lost.
const PRESENCE_PATIENCE_MS = 1_500;

/** As many of the newest are kept on the device: what the next visit begins with. */
const KEPT_ROOMS = 500;

const LOADING: RoomsState = {
  phase: "loading",
  error: null,
  rooms: [],
  typing: {},
  presence: {},
  totalUnread: 0,
  hasOlder: false,
};

export class RoomsModel {
  readonly state = new WritableStore<RoomsState>(LOADING);
  readonly #api: ChatApi;
  readonly #timers = new Timers();
  readonly #actions: Store<Queue<QueuedAction>>;
  readonly #ends: readonly (() => void)[];
  /** As the server has them, as far as is known; what is shown is what waiting actions make of them. */
  #known: readonly Room[] = [];
  /** Our reading that the server may not know of yet. */
  readonly #read = new ReadMarks();
  /** People whose presence was asked for, and rooms whose members are on their way. */
  readonly #asked = new Set<string>();
  /** For each answer that is on its way, the changes of presence heard since it was asked for: no more than come in that time. */
  readonly #meanwhile = new Set<PresenceChange[]>();
  readonly #myId: () => string | null;
  readonly #elsewhere = new UnreadElsewhere();
  #device: Device | null = null;
  /** Where the rooms begin that are older than those loaded, and how many those are. */
  #olderFrom: string | null = null;
  #loadedCount = 0;
  #loadingFrom: string | null = null;
  /** Rooms that changed while the list was being loaded: what was heard is newer than what is answered. */
  #heard: Set<string> | null = null;

  constructor(api: ChatApi, typing: TypingWatch, actions: Store<Queue<QueuedAction>>, myId: () => string | null) {
    this.#api = api;
    this.#actions = actions;
    this.#myId = myId;
    this.#ends = [
      typing.state.subscribe(() => this.#change({ typing: typing.state.getSnapshot() })),
      actions.subscribe(() => this.#showKnown()),
    ];
  }

  /** As they are shown. */
  get rooms(): readonly Room[] {
    return this.state.getSnapshot().rooms;
  }

  find(roomId: string): Room | undefined {
    return findRoom(this.rooms, roomId);
  }

  async attach(device: Device): Promise<void> {
    const [kept] = await Promise.all([device.readRooms(), this.#read.attach(device)]);
    this.#device = device;
    if (this.state.getSnapshot().phase === "ready") this.#show(this.#known);
    else if (kept.length > 0) this.#show(kept);
    else this.#keepSoon();
  }

  /** What was read before this page was made, without a network, and has still to be told. */
  readBefore(): ReadMark[] {
    return this.#read.left();
  }

  /** Loads the list, as far as it was loaded before. Throws ChatError; the list that is shown stays. */
  async load(): Promise<void> {
    this.#heard = new Set();
    this.#timers.cancel("forget");
    if (this.state.getSnapshot().phase === "failed") this.#change({ phase: "loading", error: null });
    try {
      const { rooms: loaded, nextCursor } = await this.#api.listRooms({ count: this.#loadedCount });
      for (const room of loaded) this.#read.confirm(room.id, room.lastReadSeq);
      this.#loaded(loaded.length, nextCursor);
      const heard = this.#known.filter((room) => this.#heard?.has(room.id));
      this.#show(heard.reduce<readonly Room[]>(putRoom, loaded));
      this.#asked.clear();
      this.#loadPresenceSoon();
      void this.#countElsewhere();
    } catch (cause) {
      this.fail(cause);
      throw cause;
    } finally {
      this.#heard = null;
    }
  }

  /** Adds the next older rooms. Nothing happens while some are on their way; what fails is asked for again. */
  async loadOlder(): Promise<void> {
    const from = this.#olderFrom;
    if (from === null || this.#loadingFrom === from) return;
    this.#loadingFrom = from;
    try {
      const { rooms: older, nextCursor } = await this.#api.listRooms({ from });
      if (this.#olderFrom !== from) return; // all was loaded anew meanwhile
      this.#loaded(this.#loadedCount + older.length, nextCursor);
      // What is here already was heard of since, and is newer.
      const known = new Set(this.#known.map(({ id }) => id));
      this.#show([...this.#known, ...older.filter(({ id }) => !known.has(id))]);
      this.#loadPresenceSoon();
    } catch {
      // What is shown stays; whoever comes to its end again asks again.
    } finally {
      this.#loadingFrom = null;
    }
  }

  /** The title tells of all that is unread. When the server cannot say, it tells of what is loaded. */
  async #countElsewhere(): Promise<void> {
    const counts = this.state.getSnapshot().hasOlder ? await this.#api.countUnread().catch(() => null) : null;
    this.#elsewhere.set(this.#olderFrom === null ? null : counts);
    this.#change({ totalUnread: this.#countUnread(this.rooms) });
  }

  #countUnread(rooms: readonly Room[]): number {
    return countUnread(rooms) + this.#elsewhere.beside(rooms);
  }

  #loaded(count: number, olderFrom: string | null): void {
    this.#loadedCount = count;
    this.#olderFrom = olderFrom;
    if (olderFrom === null) this.#elsewhere.set(null);
    this.#change({ hasOlder: olderFrom !== null });
  }

  /** There is nothing to show, and no hope of it for now. */
  fail(cause: unknown): void {
    if (this.state.getSnapshot().phase !== "ready") this.#change({ phase: "failed", error: toChatError(cause) });
  }

  /** `room_updated`, and rooms that were learned of in another way. */
  put(room: Room): void {
    this.#heard?.add(room.id);
    this.#read.confirm(room.id, room.lastReadSeq);
    const members = room.members.length > 0 ? room.members : (findRoom(this.#known, room.id)?.members ?? []);
    this.#setRooms(putRoom(this.#known, readUpTo({ ...room, members }, this.#read.reached(room.id))));
    if (members.length === 0) this.#loadMembers(room.id);
    this.#loadPresenceSoon();
  }

  /** Of a large room that was only heard of: its announcements leave out who is in it. */
  #loadMembers(roomId: string): void {
    if (this.#asked.has(roomId)) return;
    this.#asked.add(roomId);
    const put = (room: Room): void => {
      this.#asked.delete(roomId);
      if (room.members.length > 0) this.put({ ...(findRoom(this.#known, roomId) ?? room), members: room.members });
    };
    void this.#api.getRoom(roomId).then(put, () => this.#asked.delete(roomId));
  }

  /** One is no member of it any more. */
  remove(roomId: string): void {
    this.#setRooms(this.#known.filter(({ id }) => id !== roomId));
  }

  /** The server has taken an action: what it changes is known before news of it comes. */
  settle(entry: QueuedAction): void {
    this.#setRooms(applyActions(this.#known, [entry]));
  }

  /** A message has changed: heard of earlier, or more often, than the room itself. */
  hearChange(message: Message): void {
    const room = findRoom(this.#known, message.roomId);
    const changed = room && changeLast(room, message);
    if (!changed || changed === room) return;
    this.#heard?.add(room.id);
    this.#setRooms(this.#known.map((other) => (other === room ? changed : other)));
  }

  /** We have read up to `seq`: shown at once, before the server knows. */
  markRead(roomId: string, seq: number): void {
    const room = this.find(roomId);
    if (!room || seq <= room.lastReadSeq) return;
    this.#read.mark(roomId, seq);
    this.#setRooms(this.#known.map((other) => (other.id === roomId ? readUpTo(other, seq) : other)));
  }

  hearPresence(payload: unknown): void {
    this.#hear((known) => applyPresenceChanged(known, payload));
  }

  /** There is no connection: after a while nobody knows who is here. */
  disconnected(): void {
    if (!this.#timers.isSet("forget")) this.#timers.set("forget", PRESENCE_PATIENCE_MS, () => this.#setPresence({}));
  }

  hearStatus(payload: unknown): void {
    const now = new Date().toISOString();
    this.#hear((known) => applyStatus(known, payload, now));
  }

  /** Writes the list down at once: the page may be about to end. */
  flush(): void {
    if (this.#timers.isSet("keep")) this.#keep();
    this.#timers.cancel("keep");
  }

  close(): void {
    this.flush();
    for (const end of this.#ends) end();
    this.#timers.close();
  }

  #show(rooms: readonly Room[]): void {
    const read = rooms.map((room) => readUpTo(room, this.#read.reached(room.id)));
    this.#change({ phase: "ready", error: null });
    this.#setRooms(sortRooms(read));
  }

  #setRooms(known: readonly Room[]): void {
    if (known === this.#known) return;
    this.#known = known;
    this.#showKnown();
    this.#keepSoon();
  }

  #showKnown(): void {
    const rooms = applyActions(this.#known, this.#actions.getSnapshot());
    if (rooms !== this.rooms) this.#change({ rooms, totalUnread: this.#countUnread(rooms) });
  }

  #hear(change: PresenceChange): void {
    this.#setPresence(change(this.state.getSnapshot().presence));
    for (const changes of this.#meanwhile) changes.push(change);
  }

  #setPresence(presence: PresenceById): void {
    if (presence !== this.state.getSnapshot().presence) this.#change({ presence });
  }

  #change(change: Partial<RoomsState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }

  #keepSoon(): void {
    if (this.#device && !this.#timers.isSet("keep")) this.#timers.set("keep", KEEP_DELAY_MS, () => this.#keep());
  }

  #keep(): void {
    void this.#device?.keepRooms(this.#known.slice(0, KEPT_ROOMS));
  }

  #loadPresenceSoon(): void {
    if (!this.#timers.isSet("presence"))
      this.#timers.set("presence", PRESENCE_DELAY_MS, () => void this.#loadPresence());
  }

  /** Asks for the presence of those it was not asked for yet. It is decoration: a failure shows in nothing. */
  async #loadPresence(): Promise<void> {
    const wanted = othersIn(this.rooms, this.#myId()).filter((id) => !this.#asked.has(id));
    if (wanted.length === 0) return;
    for (const id of wanted) this.#asked.add(id);
    const heard: PresenceChange[] = [];
    this.#meanwhile.add(heard);
    try {
      const presences = await this.#api.listPresence(wanted);
      // The answer may be older than what was heard. Where it is newer, what made it so is heard yet.
      const known = putPresences(this.state.getSnapshot().presence, presences);
      this.#setPresence(heard.reduce((before, change) => change(before), known));
    } catch {
      for (const id of wanted) this.#asked.delete(id);
    } finally {
      this.#meanwhile.delete(heard);
    }
  }
}

export function isRoom(payload: unknown): payload is Room {
  return isRecord(payload) && typeof payload.id === "string" && Array.isArray(payload.members);
}
