/**
 * Keeps the ends of the newest conversations on the device, whether or not they were ever opened, so that they can be
 * read without a network, and to what is kept of any other whatever becomes of it: what was deleted must not stay here.
 * In the background: one at a time, a while after the last, and only what has changed.
 */
import type { ConversationServices, SyncAnswer } from "./conversationServices";
import type { KeptConversation } from "./device";
import { whenIdle } from "./idle";
import { learnFromMessages, NO_RECEIPTS, raiseCursor } from "./receipts";
import { absorb, catchUp, EMPTY_TIMELINE } from "./timeline";
import { Timers } from "./timers";
import type { Room } from "./types";

const ROOMS = 20;
const MESSAGES = 50;
/** After connecting, and after news: what people wait for goes first. */
const DELAY_MS = 2_000;
const PAUSE_MS = 250;
const RETRY_MS = 30_000;

export interface BackfillOptions extends Pick<
  ConversationServices,
  "rooms" | "recent" | "areRoomsFresh" | "isConnected" | "request" | "readKept" | "listKept" | "keep" | "forget"
> {
  /** An open conversation keeps itself. */
  isOpen(roomId: string): boolean;
}

export class Backfill {
  readonly #options: BackfillOptions;
  readonly #timers = new Timers();
  /** How far rooms are kept; null until the device was asked. */
  #kept: Map<string, UpTo> | null = null;
  /** The list of rooms that was last looked through. */
  #seen: readonly Room[] = [];
  readonly #endWatch: () => void;
  #endWait: (() => void) | null = null;
  #isClosed = false;

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.#endWatch = options.rooms.state.subscribe(() => this.#begin());
    this.#begin();
  }

  close(): void {
    this.#isClosed = true;
    this.#endWatch();
    this.#endWait?.();
    this.#timers.close();
  }

  #begin(): void {
    const { rooms } = this.#options.rooms;
    if (rooms === this.#seen || this.#endWait !== null) return;
    this.#seen = rooms;
    const room = this.#find();
    if (room) this.#schedule(this.#hasChanged(room) ? PAUSE_MS : DELAY_MS);
  }

  #schedule(delayMs: number): void {
    if (this.#timers.isSet("next") && delayMs >= DELAY_MS) return;
    this.#timers.set("next", delayMs, () => {
      this.#endWait = whenIdle(() => void this.#step());
    });
  }

  /** Brings one conversation up to date, and goes on with the next. */
  async #step(): Promise<void> {
    const nextMs = await this.#stepNow().catch(() => RETRY_MS);
    this.#endWait = null;
    if (nextMs !== null && this.#options.isConnected() && this.#find()) this.#schedule(nextMs);
  }

  /** Returns when to go on; null: not before there is news. Throws ChatError. */
  async #stepNow(): Promise<number | null> {
    this.#kept ??= new Map(
      (await this.#options.listKept()).map(({ roomId, seq, change }) => [roomId, { seq, change }]),
    );
    const room = this.#find();
    if (!room || !this.#options.isConnected()) return null;
    if (!this.#options.areRoomsFresh()) return DELAY_MS;
    await this.#bringUp(room);
    return PAUSE_MS;
  }

  /** The first room of which the device does not have all: what has changed of what it has, or what is new in the newest. */
  #find(): Room | undefined {
    const { rooms } = this.#options.rooms;
    const changed = this.#kept && rooms.find((room) => this.#hasChanged(room) && !this.#options.isOpen(room.id));
    return (
      changed ??
      rooms.slice(0, ROOMS).find((room) => room.lastSeq > this.#reached(room.id).seq && !this.#options.isOpen(room.id))
    );
  }

  /** Something is kept of it that may say something else by now. */
  #hasChanged({ id, lastChange }: Room): boolean {
    const { seq, change } = this.#reached(id);
    return seq > 0 && lastChange > change;
  }

  #reached(roomId: string): UpTo {
    const [kept, recent] = [this.#kept?.get(roomId) ?? NOWHERE, upToOf(this.#options.recent.get(roomId))];
    return recent.seq > kept.seq || recent.change > kept.change ? recent : kept;
  }

  async #bringUp(room: Room): Promise<void> {
    const { recent, readKept, request, keep, forget } = this.#options;
    const kept = recent.get(room.id) ?? (await readKept(room.id));
    this.#put(room.id, upToOf(kept));
    if (this.#isInVain(room)) return;
    const known = upToOf(kept);
    const seq = Math.max(known.seq, room.lastSeq - MESSAGES);
    // What does not join what is kept takes its place, as it is now.
    const change = seq === known.seq ? known.change : room.lastChange;
    const { rooms, more } = await request<SyncAnswer>("sync", { rooms: { [room.id]: { seq, change } } });
    if (this.#isInVain(room)) return;
    const synced = rooms.find(({ roomId }) => roomId === room.id);
    const reached = { seq: synced?.messages.at(-1)?.seq ?? seq, change: synced?.changed.at(-1)?.change ?? change };
    // Where the answer ended by its size, the next step goes on. Else the same is not asked again, whatever came of it.
    const goesOn = more && (reached.seq > seq || reached.change > change);
    const upTo = goesOn
      ? reached
      : { seq: Math.max(room.lastSeq, reached.seq), change: synced?.lastChange ?? room.lastChange };
    this.#put(room.id, upTo);
    if (!synced) forget(room.id);
    else keep(joined(room.id, kept, synced, upTo.change));
  }

  #put(roomId: string, upTo: UpTo): void {
    this.#kept?.set(roomId, upTo);
  }

  /** It is kept as far as was known, or keeps itself by now. */
  #isInVain(room: Room): boolean {
    if (this.#isClosed || this.#options.isOpen(room.id)) return true;
    return room.lastSeq <= this.#reached(room.id).seq && !this.#hasChanged(room);
  }
}

interface UpTo {
  readonly seq: number;
  readonly change: number;
}

const NOWHERE: UpTo = { seq: 0, change: 0 };

function joined(
  roomId: string,
  kept: KeptConversation | undefined,
  { messages: run, changed, cursors }: SyncAnswer["rooms"][number],
  lastChange: number,
): KeptConversation {
  const before = catchUp(absorb(EMPTY_TIMELINE, kept?.messages ?? []), changed, 0);
  const { messages } = absorb(before, run);
  const receipts = Object.entries(cursors).reduce(
    (all, [userId, at]) => raiseCursor(all, userId, { read: at.lastReadSeq, delivered: at.lastDeliveredSeq }),
    learnFromMessages(kept?.receipts ?? NO_RECEIPTS, run),
  );
  return { roomId, messages, lastChange, receipts, keptAt: Date.now() };
}

function upToOf(kept: KeptConversation | undefined): UpTo {
  return kept ? { seq: kept.messages.at(-1)?.seq ?? 0, change: kept.lastChange } : NOWHERE;
}
