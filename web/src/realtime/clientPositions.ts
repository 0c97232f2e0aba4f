/** How far rooms were read and received on this device: told to the server, shown here, and told to other tabs. */
import { PositionSender } from "./positionSender";
import type { RoomsModel } from "./rooms";
import type { Room } from "./types";

const DELIVERED_DELAY_MS = 150;
// Those whose news a device that comes back shows in its list; the rest is delivered when it is opened.
const MAX_DELIVERED_AT_ONCE = 20;

export interface ClientPositionsOptions {
  readonly rooms: RoomsModel;
  request(event: string, payload: unknown): Promise<unknown>;
  /** Tells other tabs. */
  onRead(roomId: string, seq: number): void;
}

export class ClientPositions {
  readonly delivered: PositionSender;
  readonly #read: PositionSender;
  readonly #options: ClientPositionsOptions;

  constructor(options: ClientPositionsOptions) {
    const { request } = options;
    this.#options = options;
    this.#read = new PositionSender({ event: "mark_read", request });
    this.delivered = new PositionSender({
      event: "mark_delivered",
      request,
      delayMs: DELIVERED_DELAY_MS,
      isKnown: (roomId, seq) => this.#read.reached(roomId) >= seq,
    });
  }

  /** A person has seen the messages up to `seq`. */
  markRead(roomId: string, seq: number): void {
    const { rooms, onRead } = this.#options;
    const room = rooms.find(roomId);
    if (room) this.#read.learn(roomId, room.lastReadSeq);
    if (seq <= this.#read.reached(roomId)) return;
    this.#read.mark(roomId, seq);
    rooms.markRead(roomId, seq);
    onRead(roomId, seq);
  }

  /** The server has told of a room. */
  hear(room: Room): void {
    this.#read.learn(room.id, room.lastReadSeq);
    if (room.unreadCount > 0 && room.lastMessage?.isOwn === false) this.delivered.mark(room.id, room.lastSeq);
  }

  /** The whole list has come in. */
  hearAll(): void {
    const unread = this.#options.rooms.rooms.filter((room) => room.unreadCount > 0).slice(0, MAX_DELIVERED_AT_ONCE);
    for (const room of unread) this.delivered.mark(room.id, room.lastSeq);
  }

  /** Connected again. */
  resume(): void {
    this.#read.resume();
    this.delivered.resume();
  }

  close(): void {
    this.#read.close();
    this.delivered.close();
  }
}
