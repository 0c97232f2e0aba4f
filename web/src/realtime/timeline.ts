/**
 * The messages of one room as a value: a run of seqs without a gap up to the present, and what arrived ahead of it.
 * Everything that comes in, in whatever order and however often, ends in the one order of the room, each message once.
 *
 * Somebody who was led to a message far back sees a stretch of the past instead: another run, which grows at both of its
 * ends until it meets the present. What arrives meanwhile goes to the present, and is never shown in the middle of it.
 */
import type { Message } from "./types";

export interface Timeline {
  /** Ascending by seq without a gap, up to the newest. */
  readonly messages: readonly Message[];
  /** Ascending by seq without a gap; older than `messages`, and not joined to them. Null: the present is shown. */
  readonly past: readonly Message[] | null;
  /** Ascending by seq; beyond a gap that is still to be filled. */
  readonly ahead: readonly Message[];
}

export const EMPTY_TIMELINE: Timeline = { messages: [], past: null, ahead: [] };

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

/** A live message (or an acknowledged one). */
export function receive(timeline: Timeline, message: Message): Timeline {
  if (message.seq <= lastWholeSeq(timeline)) return timeline;
  if (timeline.ahead.some((other) => other.seq === message.seq)) return timeline;
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
  const known = lastWholeSeq(timeline);
  const added = run.filter((message) => message.seq > known);
  return added.length === 0 ? timeline : closeUp({ ...timeline, messages: [...timeline.messages, ...added] });
}

/** Only this run and what came live after it: the server told us to forget the rest. */
export function replace(timeline: Timeline, run: readonly Message[]): Timeline {
  const last = run.at(-1)?.seq ?? 0;
  return closeUp({ messages: run, past: null, ahead: timeline.ahead.filter((message) => message.seq > last) });
}

/** The page before the oldest message that is shown. */
export function prepend(timeline: Timeline, page: readonly Message[]): Timeline {
  const first = firstSeq(timeline);
  const older = page.filter((message) => message.seq < first);
  if (older.at(-1)?.seq !== first - 1) return timeline; // something else was shown while the page was loading
  const run = [...older, ...shownRun(timeline)];
  return timeline.past ? { ...timeline, past: run } : { ...timeline, messages: run };
}

/** The page after the newest message of the past that is shown. */
export function append(timeline: Timeline, page: readonly Message[]): Timeline {
  const last = lastShownSeq(timeline);
  const newer = page.filter((message) => message.seq > last);
  if (!timeline.past || newer[0]?.seq !== last + 1) return timeline;
  return meet({ ...timeline, past: [...timeline.past, ...newer] });
}

/** Shows a stretch of the past: a page from around a message. Where it meets the present, the present has it in front. */
export function goBack(timeline: Timeline, page: readonly Message[]): Timeline {
  return page.length === 0 ? timeline : meet({ ...timeline, past: page });
}

/** Shows the present. */
export function returnToPresent(timeline: Timeline): Timeline {
  return timeline.past ? { ...timeline, past: null } : timeline;
}

/** Whether messages are known to be missing between what is shown and what has arrived (or is said to exist). */
export function hasGap(timeline: Timeline, lastSeq: number): boolean {
  return timeline.ahead.length > 0 || lastSeq > lastWholeSeq(timeline);
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
