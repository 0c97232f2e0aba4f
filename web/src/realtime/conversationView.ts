/** From what is known of a conversation to what a view shows: the same objects wherever nothing has changed. */
import type { Facts } from "./conversationFacts";
import { itemsOf } from "./conversationItems";
import type { Queue } from "./outboxQueue";
import { firstSeq } from "./timeline";
import type { ConversationState, User } from "./types";

export interface Around {
  readonly me: User | null;
  /** What waits to be sent to this room. */
  readonly queue: Queue;
  readonly typing: readonly string[];
  readonly isJoined: boolean;
}

export const EMPTY_VIEW: ConversationState = {
  phase: "loading",
  error: null,
  room: null,
  items: [],
  hasOlder: false,
  isLoadingOlder: false,
  firstUnreadSeq: null,
  typing: [],
  isCurrent: false,
};

export function viewOf(
  before: ConversationState,
  facts: Facts,
  { me, queue, typing, isJoined }: Around,
): ConversationState {
  const { phase, error, room, timeline, receipts, isLoadingOlder, firstUnreadSeq } = facts;
  const otherIds = room?.members.map(({ id }) => id).filter((id) => id !== me?.id) ?? [];
  const items = itemsOf({ timeline, receipts, otherIds, queue, me });
  const after: ConversationState = {
    phase,
    error,
    room,
    items: sameElements(before.items, items) ? before.items : items,
    hasOlder: firstSeq(timeline) > 1,
    isLoadingOlder,
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
