/** What waits to be sent, as the list of conversations shows it. */
import type { Store } from "../lib/store";
import type { Queue } from "./outboxQueue";
import type { Room, WaitingByRoom } from "./types";

/** Of each room the message that stands last in its conversation. Anew only when the queue is another. */
export class WaitingMessages implements Store<WaitingByRoom> {
  readonly subscribe: Store<WaitingByRoom>["subscribe"];
  readonly #queue: Store<Queue>;
  #seen: Queue = [];
  #waiting: WaitingByRoom = {};

  constructor(queue: Store<Queue>) {
    this.#queue = queue;
    this.subscribe = (listener) => queue.subscribe(listener);
  }

  readonly getSnapshot = (): WaitingByRoom => {
    const queue = this.#queue.getSnapshot();
    if (queue !== this.#seen) {
      this.#seen = queue;
      this.#waiting = Object.fromEntries(queue.map((message) => [message.roomId, message]));
    }
    return this.#waiting;
  };
}

/**
 * The list with what waits in its place: where something is about to be sent first, the latest written of those on top,
 * whatever this device's clock says. A refused message counts by its time.
 */
export function orderByWaiting(rooms: readonly Room[], waiting: WaitingByRoom): readonly Room[] {
  if (Object.keys(waiting).length === 0) return rooms;
  const places = new Map(rooms.map((room, index) => [room, placeOf(room, waiting, index)]));
  return [...rooms].sort((a, b) => comparePlaces(places.get(a), places.get(b)));
}

interface Place {
  /** Of what is about to be sent; 0 when nothing is. */
  readonly order: number;
  readonly at: string;
  readonly index: number;
}

function placeOf(room: Room, waiting: WaitingByRoom, index: number): Place {
  const message = waiting[room.id];
  const last = room.lastMessageAt ?? "";
  const own = message?.createdAt ?? "";
  return { order: message?.state === "queued" ? message.order : 0, at: own > last ? own : last, index };
}

function comparePlaces(a: Place | undefined, b: Place | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.order !== b.order) return b.order - a.order;
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.index - b.index;
}
