/**
 * Keeps the ends of the newest conversations on the device, whether or not they were ever opened, so that they can be
 * read without a network. In the background: one at a time, a while after the last, and only what has changed.
 */
import type { ConversationServices, SyncAnswer } from "./conversationServices";
import type { KeptConversation } from "./device";
import { whenIdle } from "./idle";
import { learnFromMessages, NO_RECEIPTS, raiseCursor } from "./receipts";
import { absorb, EMPTY_TIMELINE, lastWholeSeq } from "./timeline";
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
  "rooms" | "recent" | "areRoomsFresh" | "isConnected" | "request" | "readKept" | "keep" | "forget"
> {
  /** An open conversation keeps itself. */
  isOpen(roomId: string): boolean;
}

export class Backfill {
  readonly #options: BackfillOptions;
  readonly #timers = new Timers();
  /** How far each of the newest rooms is kept, where that is known. */
  readonly #kept = new Map<string, number>();
  readonly #endWatch: () => void;
  #endWait: (() => void) | null = null;
  #isClosed = false;

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.#endWatch = options.rooms.state.subscribe(() => this.#begin());
  }

  close(): void {
    this.#isClosed = true;
    this.#endWatch();
    this.#endWait?.();
    this.#timers.close();
  }

  #begin(): void {
    if (!this.#timers.isSet("next") && this.#endWait === null && this.#find()) this.#schedule(DELAY_MS);
  }

  #schedule(delayMs: number): void {
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
    const room = this.#find();
    if (!room || !this.#options.isConnected()) return null;
    if (!this.#options.areRoomsFresh()) return DELAY_MS;
    await this.#bringUp(room);
    return PAUSE_MS;
  }

  /** The newest room of which the device does not have all. */
  #find(): Room | undefined {
    const newest = this.#options.rooms.rooms.slice(0, ROOMS);
    for (const roomId of this.#kept.keys()) if (!newest.some(({ id }) => id === roomId)) this.#kept.delete(roomId);
    return newest.find((room) => room.lastSeq > this.#reached(room.id) && !this.#options.isOpen(room.id));
  }

  #reached(roomId: string): number {
    return Math.max(this.#kept.get(roomId) ?? 0, lastSeqOf(this.#options.recent.get(roomId)));
  }

  async #bringUp(room: Room): Promise<void> {
    const { recent, readKept, request, keep, forget } = this.#options;
    const kept = recent.get(room.id) ?? (await readKept(room.id));
    this.#kept.set(room.id, lastSeqOf(kept));
    if (this.#isInVain(room)) return;
    const after = Math.max(lastSeqOf(kept), room.lastSeq - MESSAGES);
    const { rooms, more } = await request<SyncAnswer>("sync", { rooms: { [room.id]: after } });
    if (this.#isInVain(room)) return;
    const synced = rooms.find(({ roomId }) => roomId === room.id);
    const reached = synced?.messages.at(-1)?.seq ?? 0;
    // Where the answer ended by its size, the next step goes on. Else the same is not asked again, whatever came of it.
    this.#kept.set(room.id, more && reached > after ? reached : Math.max(room.lastSeq, reached));
    if (synced) keep(joined(room.id, kept, synced));
    else forget(room.id);
  }

  /** It is kept as far as was known, or keeps itself by now. */
  #isInVain({ id, lastSeq }: Room): boolean {
    return this.#isClosed || this.#options.isOpen(id) || lastSeq <= this.#reached(id);
  }
}

function joined(
  roomId: string,
  kept: KeptConversation | undefined,
  { messages: run, cursors }: SyncAnswer["rooms"][number],
): KeptConversation {
  const { messages } = absorb(absorb(EMPTY_TIMELINE, kept?.messages ?? []), run);
  const receipts = Object.entries(cursors).reduce(
    (all, [userId, at]) => raiseCursor(all, userId, { read: at.lastReadSeq, delivered: at.lastDeliveredSeq }),
    learnFromMessages(kept?.receipts ?? NO_RECEIPTS, run),
  );
  return { roomId, messages, receipts, keptAt: Date.now() };
}

function lastSeqOf(kept: KeptConversation | undefined): number {
  return kept ? lastWholeSeq({ ...EMPTY_TIMELINE, messages: kept.messages }) : 0;
}
