/**
 * The messages of one room as a value: a run of seqs without a gap, and what arrived ahead of it. Everything that comes
 * in, in whatever order and however often, ends in the one order of the room, each message once.
 */
import type { Message } from "./types";

export interface Timeline {
  /** Ascending by seq without a gap; everything that is shown. */
  readonly messages: readonly Message[];
  /** Ascending by seq; beyond a gap that is still to be filled. */
  readonly ahead: readonly Message[];
}

export const EMPTY_TIMELINE: Timeline = { messages: [], ahead: [] };

export function firstSeq(timeline: Timeline): number {
  return timeline.messages[0]?.seq ?? 0;
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
  if (timeline.messages.length === 0 || first.seq > lastWholeSeq(timeline) + 1) return replace(timeline, run);
  const known = lastWholeSeq(timeline);
  const added = run.filter((message) => message.seq > known);
  return added.length === 0 ? timeline : closeUp({ ...timeline, messages: [...timeline.messages, ...added] });
}

/** Only this run and what came live after it: the server told us to forget the rest. */
export function replace(timeline: Timeline, run: readonly Message[]): Timeline {
  const last = run.at(-1)?.seq ?? 0;
  return closeUp({ messages: run, ahead: timeline.ahead.filter((message) => message.seq > last) });
}

/** The page before the oldest message. */
export function prepend(timeline: Timeline, page: readonly Message[]): Timeline {
  const first = firstSeq(timeline);
  const older = page.filter((message) => message.seq < first);
  if (older.at(-1)?.seq !== first - 1) return timeline; // the timeline was replaced while the page was loading
  return { ...timeline, messages: [...older, ...timeline.messages] };
}

/** Whether messages are known to be missing between what is shown and what has arrived (or is said to exist). */
export function hasGap(timeline: Timeline, lastSeq: number): boolean {
  return timeline.ahead.length > 0 || lastSeq > lastWholeSeq(timeline);
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
  return {
    messages: joined.length > 0 ? [...timeline.messages, ...joined] : timeline.messages,
    ahead: timeline.ahead.filter((message) => message.seq >= next),
  };
}
