/**
 * The messages of one room as a value: a run of seqs without a gap up to the present, and what arrived ahead of it.
 * Everything that comes in, in whatever order and however often, ends in the one order of the room, each message once and
 * as it is now.
 *
 * Somebody who was led to a message far back sees a stretch of the past instead: another run, which grows at both of its
 * ends until it meets the present. What arrives meanwhile goes to the present, and is never shown in the middle of it.
 */
import { quoteOf } from "./quotes";
import type { Message } from "./types";

/** More do not change while a page of history is on its way. */
const MOST_LATEST = 100;

export interface Timeline {
  /** Ascending by seq without a gap, up to the newest. */
  readonly messages: readonly Message[];
  /** Ascending by seq without a gap; older than `messages`, and not joined to them. Null: the present is shown. */
  readonly past: readonly Message[] | null;
  /** Ascending by seq; beyond a gap that is still to be filled. */
  readonly ahead: readonly Message[];
  /** All changes up to this number are in the messages. */
  readonly lastChange: number;
  /** The highest number that was heard of: where it is above `lastChange`, changes are missing. */
  readonly heardChange: number;
  /** What has changed last: a page of history may have been read before. */
  readonly latest: readonly Message[];
}

export const EMPTY_TIMELINE: Timeline = {
  messages: [],
  past: null,
  ahead: [],
  lastChange: 0,
  heardChange: 0,
  latest: [],
};

/** What is shown: a stretch of the past, or the present. */
export function shownRun(timeline: Timeline): readonly Message[] {
  return timeline.past ?? timeline.messages;
}

/** Of what is shown; 0 when nothing is. */
export function firstSeq(timeline: Timeline): number {
  return shownRun(timeline)[0]?.seq ?? 0;
}

/** Of what is shown; 0 when nothing is. */
export function lastShownSeq(timeline: Timeline): number {
  return shownRun(timeline).at(-1)?.seq ?? 0;
}

/** The seq up to which everything is here; 0 when nothing is. */
export function lastWholeSeq(timeline: Timeline): number {
  return timeline.messages.at(-1)?.seq ?? 0;
}

/** A live message (or an acknowledged one). One that is here already may have changed. */
export function receive(timeline: Timeline, message: Message): Timeline {
  const isHere = message.seq <= lastWholeSeq(timeline) || timeline.ahead.some((other) => other.seq === message.seq);
  if (isHere) return amend(timeline, [message]);
  const ahead = [...timeline.ahead, message].sort((a, b) => a.seq - b.seq);
  return closeUp({ ...timeline, ahead });
}

/**
 * A run of messages up to the present, as `chat_history` and `sync` bring it. When it does not join what is here, it
 * takes its place: what lies between is loaded again by scrolling.
 */
export function absorb(timeline: Timeline, run: readonly Message[]): Timeline {
  const [first] = run;
  if (!first) return timeline;
  if (timeline.messages.length === 0) return closeUp({ ...timeline, messages: run });
  if (first.seq > lastWholeSeq(timeline) + 1) return replace(timeline, run);
  const amended = amend(timeline, run);
  const known = lastWholeSeq(amended);
  const added = run.filter((message) => message.seq > known).map((message) => newestOf(amended, message));
  return added.length === 0 ? amended : closeUp({ ...amended, messages: [...amended.messages, ...added] });
}

/** Only this run and what came live after it: the server told us to forget the rest. */
export function replace(timeline: Timeline, run: readonly Message[]): Timeline {
  const last = run.at(-1)?.seq ?? 0;
  const messages = run.map((message) => newestOf(timeline, message));
  return closeUp({ ...timeline, messages, past: null, ahead: timeline.ahead.filter(({ seq }) => seq > last) });
}

/** The page before the oldest message that is shown. */
export function prepend(timeline: Timeline, page: readonly Message[]): Timeline {
  const first = firstSeq(timeline);
  const older = page.filter((message) => message.seq < first);
  if (older.at(-1)?.seq !== first - 1) return timeline; // something else was shown while the page was loading
  const run = [...older, ...shownRun(timeline)];
  return amendLate(timeline.past ? { ...timeline, past: run } : { ...timeline, messages: run });
}

/** The page after the newest message of the past that is shown. */
export function append(timeline: Timeline, page: readonly Message[]): Timeline {
  const last = lastShownSeq(timeline);
  const newer = page.filter((message) => message.seq > last);
  if (!timeline.past || newer[0]?.seq !== last + 1) return timeline;
  return meet(amendLate({ ...timeline, past: [...timeline.past, ...newer] }));
}

/** Shows a stretch of the past: a page from around a message. Where it meets the present, the present has it in front. */
export function goBack(timeline: Timeline, page: readonly Message[]): Timeline {
  return page.length === 0 ? timeline : meet(amendLate({ ...timeline, past: page }));
}

/** Shows the present. */
export function returnToPresent(timeline: Timeline): Timeline {
  return timeline.past ? { ...timeline, past: null } : timeline;
}

/** `message_changed`. One that does not follow the last tells that others are missing. */
export function hearChange(timeline: Timeline, change: number, message: Message): Timeline {
  const amended = amend(timeline, [message]);
  const lastChange = change === timeline.lastChange + 1 ? change : timeline.lastChange;
  const heardChange = Math.max(timeline.heardChange, change);
  return { ...amended, lastChange, heardChange, latest: withLatest(timeline.latest, [message]) };
}

/** What the server says has changed, in its order, and up to which change that is all. */
export function catchUp(timeline: Timeline, changed: readonly Message[], lastChange: number): Timeline {
  if (changed.length === 0 && lastChange <= timeline.lastChange) return timeline;
  const latest = withLatest(timeline.latest, changed);
  return { ...amend(timeline, changed), latest, lastChange: Math.max(lastChange, timeline.lastChange) };
}

/** Each once, as it was last: nothing keeps what was deleted. */
function withLatest(latest: readonly Message[], changed: readonly Message[]): readonly Message[] {
  const byId = new Map(latest.map((message) => [message.id, message]));
  for (const message of changed) {
    if ((byId.get(message.id)?.change ?? 0) <= message.change) byId.set(message.id, message);
  }
  return [...byId.values()].slice(-MOST_LATEST);
}

/** Whether messages are known to be missing between what is shown and what has arrived (or is said to exist). */
export function hasGap(timeline: Timeline, lastSeq: number, lastChange: number): boolean {
  if (timeline.ahead.length > 0 || lastSeq > lastWholeSeq(timeline)) return true;
  return Math.max(timeline.heardChange, lastChange) > timeline.lastChange;
}

/** Messages, as far as they are here, and the quotes of them become what they are now; nothing becomes older. */
function amend(timeline: Timeline, changed: readonly Message[]): Timeline {
  const present = new Map<string, Message>();
  for (const message of changed) {
    const known = present.get(message.id) ?? find(timeline, message.seq);
    if (message.change > 0 && (known?.change ?? 0) <= message.change) present.set(message.id, message);
  }
  if (present.size === 0) return timeline;
  const messages = amendAll(timeline.messages, present);
  const past = timeline.past && amendAll(timeline.past, present);
  const ahead = amendAll(timeline.ahead, present);
  const isSame = messages === timeline.messages && past === timeline.past && ahead === timeline.ahead;
  return isSame ? timeline : { ...timeline, messages, past, ahead };
}

function amendAll(messages: readonly Message[], present: ReadonlyMap<string, Message>): readonly Message[] {
  const amended = messages.map((message) => {
    const changed = present.get(message.id);
    const now = changed && changed.change > message.change ? changed : message;
    const quoted = now.replyTo && present.get(now.replyTo.id);
    return quoted ? quoteOf(now, quoted) : now;
  });
  return amended.every((message, index) => message === messages[index]) ? messages : amended;
}

/** After a page of history has come in. */
function amendLate(timeline: Timeline): Timeline {
  return amend(timeline, timeline.latest);
}

/** What came ahead may have changed since it was read for a run. */
function newestOf({ ahead }: Timeline, message: Message): Message {
  const known = ahead.find((other) => other.seq === message.seq);
  return known && known.change > message.change ? known : message;
}

function find({ messages, past, ahead }: Timeline, seq: number): Message | undefined {
  const isIt = (message: Message): boolean => message.seq === seq;
  return messages[seq - (messages[0]?.seq ?? 0)] ?? past?.find(isIt) ?? ahead.find(isIt);
}

/** Joins the past that is shown to the present, when no message is between them any more. */
function meet(timeline: Timeline): Timeline {
  const { past, messages } = timeline;
  const first = messages[0]?.seq;
  if (!past || first === undefined || first > lastShownSeq(timeline) + 1) return timeline;
  return { ...timeline, past: null, messages: [...past.filter(({ seq }) => seq < first), ...messages] };
}

/** Moves what is ahead into the run as far as it joins it. */
function closeUp(timeline: Timeline): Timeline {
  let next = lastWholeSeq(timeline) + 1;
  const joined: Message[] = [];
  for (const message of timeline.ahead) {
    if (message.seq !== next) continue;
    joined.push(message);
    next++;
  }
  return meet({
    ...timeline,
    messages: joined.length > 0 ? [...timeline.messages, ...joined] : timeline.messages,
    ahead: timeline.ahead.filter((message) => message.seq >= next),
  });
}
