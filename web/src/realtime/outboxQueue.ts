/** What waits to be sent, as values: in which order it goes, and what a failure means for it. */
import type { ChatError } from "../lib/api/chatError";
import type { Sendable } from "./files/kept";
import { isOfMessage, subjectOfMessageAction } from "./messageActions";
import type { Action, WaitingMessage } from "./types";

export interface QueuedMessage extends WaitingMessage {
  /** Why it was refused. */
  readonly error: { readonly code: string; readonly message: string; readonly details?: unknown } | null;
  /** What the server may have been told of its files: it is told the same again. */
  readonly attachments?: readonly Sendable[] | undefined;
  readonly action?: undefined;
}

/** Something that is to be so in a room. What is refused does not wait any more. */
export interface QueuedAction extends Omit<QueuedMessage, "content" | "action"> {
  readonly action: Action;
  /** Until when (epoch milliseconds) it can be undone, and is not sent. */
  readonly heldUntil?: number;
}

export type Queued = QueuedMessage | QueuedAction;
export type Queue<Entry extends Queued = QueuedMessage> = readonly Entry[];

export function isMessage(entry: Queued): entry is QueuedMessage {
  return entry.action === undefined;
}

export function isAction(entry: Queued): entry is QueuedAction {
  return entry.action !== undefined;
}

/** The queue with `entry` in place of what it said before. */
export function putQueued<Entry extends Queued>(queue: Queue<Entry>, entry: Entry): Queue<Entry> {
  const others = queue.filter((other) => other.clientMessageId !== entry.clientMessageId);
  return [...others, entry].sort((a, b) => a.order - b.order || compare(a.clientMessageId, b.clientMessageId));
}

export function removeQueued<Entry extends Queued>(queue: Queue<Entry>, clientMessageId: string): Queue<Entry> {
  const left = queue.filter((entry) => entry.clientMessageId !== clientMessageId);
  return left.length === queue.length ? queue : left;
}

/**
 * What may go out now: the oldest of each room that has none under way. One that was refused, or can be undone, does not
 * hold up those after it. A message that waits for its files does, but for what is done to messages that are stored.
 */
export function nextToSend(
  queue: Queue<Queued>,
  busyRooms: { has(roomId: string): boolean },
  now = 0,
  isWaiting: (message: QueuedMessage) => boolean = () => false,
): Queued[] {
  const heads = new Map<string, Queued>();
  const held = new Set<string>();
  for (const entry of queue) {
    const { roomId } = entry;
    if (heldUntil(entry) > now || entry.state !== "queued" || busyRooms.has(roomId) || heads.has(roomId)) continue;
    if (held.has(roomId) && !isOfStored(entry)) continue;
    if (isMessage(entry) && isWaiting(entry)) held.add(roomId);
    else heads.set(roomId, entry);
  }
  return [...heads.values()];
}

function isOfStored({ action }: Queued): boolean {
  return action !== undefined && isOfMessage(action) && action.messageId !== null;
}

/** When an entry may go out (epoch milliseconds); 0: at once. */
export function heldUntil(entry: Queued): number {
  return isAction(entry) ? (entry.heldUntil ?? 0) : 0;
}

/** Those of a room that have not gone out and say something else of the same thing: what was chosen last holds. */
export function overtaken(queue: Queue<Queued>, roomId: string, action: Action, busyId: string | undefined): string[] {
  const isSame = (entry: Queued): boolean =>
    isAction(entry) && entry.roomId === roomId && subjectOf(entry.action) === subjectOf(action);
  return queue
    .filter((entry) => isSame(entry) && entry.clientMessageId !== busyId)
    .map((entry) => entry.clientMessageId);
}

function subjectOf(action: Action): string {
  if (isOfMessage(action)) return subjectOfMessageAction(action);
  return action.kind === "block" ? `block ${action.userId}` : action.kind;
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
