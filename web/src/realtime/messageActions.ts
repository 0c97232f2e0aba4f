/** Actions on messages: what they make of one, and which events tell the server. */
import type { Queue, QueuedAction } from "./outboxQueue";
import type { Action, MessageAction, MessageState, Reaction } from "./types";

/** As many people as the server names with a reaction. */
const MAX_NAMED = 20;

export function isOfMessage(action: Action): action is MessageAction {
  return "messageId" in action;
}

/** The actions on each message, by its id. */
export function actionsById(actions: Queue<QueuedAction>): ReadonlyMap<string, readonly MessageAction[]> {
  const byId = new Map<string, MessageAction[]>();
  for (const { action } of actions) {
    if (isOfMessage(action)) byId.set(action.messageId, [...(byId.get(action.messageId) ?? []), action]);
  }
  return byId;
}

/** `state` as it is once the server has taken these actions; itself where they change nothing. */
export function applyToMessage<State extends MessageState>(
  state: State,
  actions: readonly MessageAction[],
  myId: string | null,
): State {
  return state.deletedAt === null ? actions.reduce((now, action) => apply(now, action, myId), state) : state;
}

/** The event and what it says. */
export function requestOf({ messageId, emoji, on }: MessageAction): [event: string, payload: object] {
  return ["react", { messageId, emoji, on }];
}

/** What an action is about: of those that have not gone out, the one that was chosen last holds. */
export function subjectOfMessageAction({ kind, messageId, emoji }: MessageAction): string {
  return `${kind} ${messageId} ${bare(emoji)}`;
}

/** With and without a variation selector it is the same emoji. */
export function isSameEmoji(a: string, b: string): boolean {
  return a === b || bare(a) === bare(b);
}

function bare(emoji: string): string {
  return emoji.replaceAll("\ufe0f", "");
}

function apply<State extends MessageState>(state: State, action: MessageAction, myId: string | null): State {
  const reactions = react(state.reactions, action, myId);
  return reactions === state.reactions ? state : { ...state, reactions };
}

function react(reactions: readonly Reaction[], { emoji, on }: MessageAction, myId: string | null): readonly Reaction[] {
  const known = reactions.find((reaction) => isSameEmoji(reaction.emoji, emoji));
  if ((known?.isOwn ?? false) === on) return reactions;
  const others = known?.userIds.filter((id) => id !== myId) ?? [];
  const count = (known?.count ?? 0) + (on ? 1 : -1);
  const userIds = on && myId !== null ? [...others, myId].slice(0, MAX_NAMED) : others;
  const now = { emoji: known?.emoji ?? emoji, count, userIds, isOwn: on };
  if (!known) return [...reactions, now];
  return count > 0
    ? reactions.map((reaction) => (reaction === known ? now : reaction))
    : reactions.filter((reaction) => reaction !== known);
}
