/** All that is known of one conversation, as a value, and what becomes of it: no timers, no network. */
import type { ChatError } from "../lib/api/chatError";
import type { KeptConversation } from "./device";
import { learnFromMessages, NO_RECEIPTS, raiseCursor, type Cursor, type Receipts } from "./receipts";
import * as timelines from "./timeline";
import type { ConversationState, Message, Room, Target } from "./types";

export interface Facts {
  readonly phase: ConversationState["phase"];
  readonly error: ChatError | null;
  readonly room: Room | null;
  readonly timeline: timelines.Timeline;
  /** Whether the timeline says something, if only that the room is empty: what is asked for next is what comes after it. */
  readonly hasTimeline: boolean;
  readonly receipts: Receipts;
  readonly firstUnreadSeq: number | null;
  /** The line of new messages stands where it stands until the conversation is closed. */
  readonly isLineFixed: boolean;
  readonly isLoadingOlder: boolean;
  readonly isLoadingNewer: boolean;
  /** The message that somebody is being led to is on its way. */
  readonly isSeeking: boolean;
  readonly seekFailure: ConversationState["seekFailure"];
  readonly target: Target | null;
  /** Another number for each run of messages that is shown and is not more of the one before. */
  readonly stretch: number;
}

export const NO_FACTS: Facts = {
  phase: "loading",
  error: null,
  room: null,
  timeline: timelines.EMPTY_TIMELINE,
  hasTimeline: false,
  receipts: NO_RECEIPTS,
  firstUnreadSeq: null,
  isLineFixed: false,
  isLoadingOlder: false,
  isLoadingNewer: false,
  isSeeking: false,
  seekFailure: null,
  target: null,
  stretch: 0,
};

const PASSING = new Set([
  "offline",
  "timeout",
  "unavailable",
  "rate_limited",
  "internal",
  "unauthenticated",
  "token_expired",
]);

/** Whether trying again may help. */
export function isPassing(error: ChatError): boolean {
  return PASSING.has(error.code);
}

/** Whether one can write here: also where nothing could be loaded yet, if the room is known, and waits for a network. */
export function canWrite({ phase, error, room }: Pick<ConversationState, "phase" | "error" | "room">): boolean {
  return phase !== "failed" || (room !== null && error !== null && isPassing(error));
}

/** What an earlier visit left on this device. The server's word, when it came first, is better. */
export function restore(facts: Facts, kept: KeptConversation | undefined): Facts {
  if (!kept || kept.messages.length === 0 || facts.hasTimeline) return facts;
  const timeline = timelines.catchUp(timelines.absorb(facts.timeline, kept.messages), [], kept.lastChange);
  const receipts = learnFromMessages(kept.receipts, kept.messages);
  return { ...facts, timeline, receipts, hasTimeline: true, phase: "ready", error: null };
}

/** `chat_history` of a join, or the messages of a sync. */
export function learnRun(facts: Facts, run: readonly Message[]): Facts {
  if (run.length === 0) return facts;
  const timeline = timelines.absorb(facts.timeline, run);
  const receipts = learnFromMessages(facts.receipts, run);
  // Where the line stands may be known with the answer to the join only; it must not jump in after the messages.
  const isReady = facts.phase === "ready" || facts.isLineFixed;
  const known = { ...showing(facts, timeline), receipts, hasTimeline: true };
  return isReady ? { ...known, phase: "ready", error: null } : known;
}

export function learnMessage(facts: Facts, message: Message): Facts {
  const receipts = learnFromMessages(facts.receipts, [message]);
  return { ...facts, receipts, timeline: timelines.receive(facts.timeline, message) };
}

/** `message_changed`. */
export function learnChange(facts: Facts, change: number, message: Message): Facts {
  return withTimeline(facts, timelines.hearChange(facts.timeline, change, message));
}

/** What has become of messages until `lastChange`, as a sync brings it. */
export function learnChanged(facts: Facts, changed: readonly Message[], lastChange: number): Facts {
  return withTimeline(facts, timelines.catchUp(facts.timeline, changed, lastChange));
}

export function learnOlder(facts: Facts, page: readonly Message[]): Facts {
  const receipts = learnFromMessages(facts.receipts, page);
  return { ...facts, receipts, timeline: timelines.prepend(facts.timeline, page) };
}

/** The page after the newest message of a stretch of the past. */
export function learnNewer(facts: Facts, page: readonly Message[]): Facts {
  const receipts = learnFromMessages(facts.receipts, page);
  return { ...facts, receipts, timeline: timelines.append(facts.timeline, page) };
}

/** Where a message is among those that are here: shown, or in the present; null when it has to be fetched. */
export function whereIs({ timeline }: Facts, seq: number): "shown" | "present" | null {
  const isIn = (run: readonly Message[]): boolean => seq >= (run[0]?.seq ?? Infinity) && seq <= (run.at(-1)?.seq ?? 0);
  if (isIn(timelines.shownRun(timeline))) return "shown";
  return isIn(timeline.messages) ? "present" : null;
}

/** Shows the messages around one that somebody is led to. */
export function goBack(facts: Facts, page: readonly Message[]): Facts {
  const receipts = learnFromMessages(facts.receipts, page);
  return showing({ ...facts, receipts }, timelines.goBack(facts.timeline, page));
}

/** Shows the present. */
export function returnToPresent(facts: Facts): Facts {
  return showing(facts, timelines.returnToPresent(facts.timeline));
}

function showing(facts: Facts, timeline: timelines.Timeline): Facts {
  const before = facts.timeline;
  const isPresent = before.past === null && timeline.past === null;
  const [first] = timelines.shownRun(before);
  const isMore = isPresent || (first !== undefined && timelines.shownRun(timeline).some(({ id }) => id === first.id));
  return { ...facts, timeline, stretch: isMore ? facts.stretch : facts.stretch + 1 };
}

export function learnCursor(facts: Facts, userId: string, reached: Cursor): Facts {
  return { ...facts, receipts: raiseCursor(facts.receipts, userId, reached) };
}

/**
 * The answer to a join. `history` is what came with it; with `reload` it takes the place of all that was known. What had
 * changed has come before it.
 */
export function joined(facts: Facts, room: Room, history: readonly Message[], reload: boolean): Facts {
  const { lastChange } = room;
  const timeline = reload
    ? { ...timelines.replace(facts.timeline, history), lastChange, heardChange: lastChange }
    : timelines.catchUp(facts.timeline, [], lastChange);
  const known = { ...showing(facts, timeline), hasTimeline: true, room, error: null };
  return drawLine({ ...known, phase: "ready" }, room, true);
}

/** It could not be joined. What is shown stays, unless it must not be seen any more. */
export function failed(facts: Facts, error: ChatError): Facts {
  if (!isPassing(error)) return { ...NO_FACTS, phase: "failed", error };
  return facts.phase === "ready" ? facts : { ...facts, phase: "failed", error };
}

/** Where the line of new messages stands, by how far the room was read. */
export function drawLine(facts: Facts, room: Room, isFinal: boolean): Facts {
  if (facts.isLineFixed) return facts;
  const firstUnreadSeq = room.unreadCount > 0 ? firstOfOthersAfter(facts.timeline, room.lastReadSeq) : null;
  return { ...facts, firstUnreadSeq, isLineFixed: isFinal };
}

/** Whether messages must exist that are not here. */
export function hasGap({ timeline, room }: Facts): boolean {
  return timelines.hasGap(timeline, room?.lastSeq ?? 0, room?.lastChange ?? 0);
}

function withTimeline(facts: Facts, timeline: timelines.Timeline): Facts {
  return timeline === facts.timeline ? facts : { ...facts, timeline };
}

function firstOfOthersAfter(timeline: timelines.Timeline, lastReadSeq: number): number {
  if ((timeline.messages[0]?.seq ?? 0) > lastReadSeq + 1) return lastReadSeq + 1; // further up than what is here
  const unread = timeline.messages.find((message) => message.seq > lastReadSeq && !message.isOwn);
  return unread?.seq ?? lastReadSeq + 1;
}
