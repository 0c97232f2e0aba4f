/** How far the members of a room have received and read, and what that makes of one's own messages. */
import type { Message, SendState } from "./types";

export interface Cursor {
  readonly read: number;
  readonly delivered: number;
}

/**
 * `floor` is what every other member has reached at least, as the status of messages says it; `byUser` is what we know
 * of single members. Somebody of whom nothing is known stands at the floor.
 */
export interface Receipts {
  readonly floor: Cursor;
  readonly byUser: Readonly<Record<string, Cursor>>;
}

const NOWHERE: Cursor = { read: 0, delivered: 0 };
export const NO_RECEIPTS: Receipts = { floor: NOWHERE, byUser: {} };

/** A member has read or received up to a seq. Cursors only rise; having read is having received. */
export function raiseCursor(receipts: Receipts, userId: string, reached: Cursor): Receipts {
  const before = receipts.byUser[userId] ?? NOWHERE;
  const after = higher(before, reached);
  return after === before ? receipts : { ...receipts, byUser: { ...receipts.byUser, [userId]: after } };
}

/** What messages say: the status of our own, and that whoever writes has read what came before. */
export function learnFromMessages(receipts: Receipts, messages: readonly Message[]): Receipts {
  let learned = receipts;
  for (const message of messages) {
    if (message.isOwn) learned = raiseFloor(learned, message);
    else learned = raiseCursor(learned, message.senderId, { read: message.seq, delivered: message.seq });
  }
  return learned;
}

/** The ticks of one's own message: the lowest that holds for all others. */
export function stateOf(seq: number, receipts: Receipts, otherIds: readonly string[]): SendState {
  if (otherIds.length === 0) return reaches(receipts.floor, seq);
  let [read, delivered] = [Infinity, Infinity];
  for (const id of otherIds) {
    const cursor = receipts.byUser[id] ?? NOWHERE;
    read = Math.min(read, cursor.read);
    delivered = Math.min(delivered, cursor.delivered);
  }
  return reaches(higher(receipts.floor, { read, delivered }), seq);
}

function reaches(cursor: Cursor, seq: number): SendState {
  if (seq <= cursor.read) return "read";
  return seq <= cursor.delivered ? "delivered" : "sent";
}

function raiseFloor(receipts: Receipts, { status, seq }: Message): Receipts {
  if (status === "sent") return receipts;
  const floor = higher(receipts.floor, { read: status === "read" ? seq : 0, delivered: seq });
  return floor === receipts.floor ? receipts : { ...receipts, floor };
}

/** The higher of both in each respect; `before` itself when nothing rises. */
function higher(before: Cursor, reached: Cursor): Cursor {
  const read = Math.max(before.read, reached.read);
  const delivered = Math.max(before.delivered, reached.delivered, read);
  return read === before.read && delivered === before.delivered ? before : { read, delivered };
}
