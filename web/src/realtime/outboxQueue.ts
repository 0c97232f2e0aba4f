/** What waits to be sent, as values: in which order it goes, and what a failure means for it. */
import type { ChatError } from "../lib/api/chatError";
import type { WaitingMessage } from "./types";

export interface QueuedMessage extends WaitingMessage {
  /** Why it was refused. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

export type Queue = readonly QueuedMessage[];

/** The queue with `message` in place of what it said before. */
export function putMessage(queue: Queue, message: QueuedMessage): Queue {
  const others = queue.filter((other) => other.clientMessageId !== message.clientMessageId);
  return [...others, message].sort((a, b) => a.order - b.order || compare(a.clientMessageId, b.clientMessageId));
}

export function removeMessage(queue: Queue, clientMessageId: string): Queue {
  const left = queue.filter((message) => message.clientMessageId !== clientMessageId);
  return left.length === queue.length ? queue : left;
}

/**
 * What may go out now: the oldest of each room that has none under way. One that was refused does not hold up those
 * after it.
 */
export function nextToSend(queue: Queue, busyRooms: ReadonlySet<string>): QueuedMessage[] {
  const heads = new Map<string, QueuedMessage>();
  for (const message of queue) {
    if (message.state === "queued" && !busyRooms.has(message.roomId) && !heads.has(message.roomId)) {
      heads.set(message.roomId, message);
    }
  }
  return [...heads.values()];
}

/** Sent again later (after `waitMs`, when the server named a time), or refused for good. */
export type Verdict = { readonly again: true; readonly waitMs: number | null } | { readonly again: false };

const PASSING = new Set(["offline", "timeout", "unavailable", "unauthenticated", "token_expired"]);
// A fault of the server may pass with its next version; a message must not try for ever, though.
const MAX_INTERNAL_FAULTS = 8;

export function judge(error: ChatError, faults: number): Verdict {
  if (error.code === "rate_limited") return { again: true, waitMs: error.retryAfterMs ?? 1_000 };
  if (PASSING.has(error.code)) return { again: true, waitMs: null };
  if (error.code === "internal" && faults < MAX_INTERNAL_FAULTS) return { again: true, waitMs: null };
  return { again: false };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
