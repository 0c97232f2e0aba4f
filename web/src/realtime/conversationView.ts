/** From what is known of a conversation to what a view shows: the same objects wherever nothing has changed. */
import type { Facts } from "./conversationFacts";
import { itemsOf } from "./conversationItems";
import type { Queue, QueuedAction } from "./outboxQueue";
import { EMPTY_TIMELINE, firstSeq, shownRun } from "./timeline";
import type { ConversationState, User } from "./types";

export interface Around {
  readonly me: User | null;
  /** What waits to be sent to this room. */
  readonly queue: Queue;
  /** What waits to be done here. */
  readonly actions: Queue<QueuedAction>;
  readonly typing: readonly string[];
  readonly isJoined: boolean;
}

const NOTHING_WAITS: Queue = [];

export const EMPTY_VIEW: ConversationState = {
  phase: "loading",
  error: null,
  room: null,
  items: [],
  hasOlder: false,
  isLoadingOlder: false,
  hasNewer: false,
  isLoadingNewer: false,
  stretch: 0,
  isSeeking: false,
  seekFailure: null,
  target: null,
  firstUnreadSeq: null,
  typing: [],
  isCurrent: false,
};

export function viewOf(
  before: ConversationState,
  facts: Facts,
  { me, queue, actions, typing, isJoined }: Around,
): ConversationState {
  const { phase, error, room, timeline, receipts, isLoadingOlder, isLoadingNewer, firstUnreadSeq } = facts;
  const { isSeeking, seekFailure, target, stretch } = facts;
  const otherIds = room?.members.map(({ id }) => id).filter((id) => id !== me?.id) ?? [];
  const hasNewer = timeline.past !== null;
  // What waits to be sent, and what has arrived, belongs to the present.
  const shown = hasNewer
    ? { timeline: { ...EMPTY_TIMELINE, messages: shownRun(timeline) }, queue: NOTHING_WAITS }
    : { timeline, queue };
  const items = itemsOf({ ...shown, actions, receipts, otherIds, me });
  const after: ConversationState = {
    phase,
    error,
    room,
    items: sameElements(before.items, items) ? before.items : items,
    hasOlder: firstSeq(timeline) > 1,
    isLoadingOlder,
    hasNewer,
    isLoadingNewer,
    stretch,
    isSeeking,
    seekFailure,
    target,
    firstUnreadSeq,
    typing: sameElements(before.typing, typing) ? before.typing : typing,
    isCurrent: isJoined,
  };
  return isSame(before, after) ? before : after;
}

function isSame(a: ConversationState, b: ConversationState): boolean {
  return (Object.keys(b) as (keyof ConversationState)[]).every((name) => a[name] === b[name]);
}

function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}
