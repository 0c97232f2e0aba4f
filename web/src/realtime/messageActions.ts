/** Actions on messages: what they make of one, and which events tell the server. */
import { toChatError, type ChatError } from "../lib/api/chatError";
import { isRecord } from "../lib/api/envelope";
import type { Queue, QueuedAction } from "./outboxQueue";
import type { Action, EditAction, Message, MessageAction, MessageState, Reaction } from "./types";

/** As many people as the server names with a reaction. */
const MAX_NAMED = 20;

export function isOfMessage(action: Action): action is MessageAction {
  return "messageId" in action;
}

/** The actions on each message, by its id; by its clientMessageId where it had none yet. */
export function actionsById(actions: Queue<QueuedAction>): ReadonlyMap<string, readonly QueuedAction[]> {
  const byId = new Map<string, QueuedAction[]>();
  for (const entry of actions) {
    const id = isOfMessage(entry.action) ? targetOf(entry.action) : null;
    if (id !== null) byId.set(id, [...(byId.get(id) ?? []), entry]);
  }
  return byId;
}

function targetOf(action: MessageAction): string | null {
  return action.messageId ?? (action.kind === "edit" ? action.clientMessageId : null);
}

/** `state` as it is once the server has taken these actions; itself where they change nothing. */
export function applyToMessage<State extends MessageState>(
  state: State,
  actions: readonly QueuedAction[],
  myId: string | null,
): State {
  return actions.reduce((now, entry) => (now.deletedAt === null ? apply(now, entry, myId) : now), state);
}

/**
 * Tells the server. Returns the message as it is now. Throws ChatError; a conflict only where somebody has written something
 * else: reactions and pins are changes, too.
 */
export async function performOnMessage(request: Request, action: MessageAction): Promise<Message> {
  try {
    return await request(...requestOf(action));
  } catch (cause) {
    const present = action.kind === "edit" ? presentIn(toChatError(cause)) : null;
    if (action.kind !== "edit" || present?.content !== action.before) throw cause;
    return request(...requestOf({ ...action, ifChange: present.change }));
  }
}

type Request = (event: string, payload: object) => Promise<Message>;

/** What the message says on the server, where an edit was refused because that is something else. */
export function presentIn({ code, details }: ChatError): Message | null {
  return code === "conflict" && isRecord(details) && isRecord(details.message)
    ? (details.message as unknown as Message)
    : null;
}

/** The event and what it says. */
export function requestOf(action: MessageAction): [event: string, payload: object] {
  const { messageId } = action;
  switch (action.kind) {
    case "react":
      return ["react", { messageId, emoji: action.emoji, on: action.on }];
    case "pin":
      return ["pin_message", { messageId, on: action.on }];
    case "delete":
      return ["delete_message", { messageId }];
    case "edit": {
      const { clientMessageId, content, mentions, ifChange } = action;
      const named = messageId === null ? { clientMessageId } : { messageId, ifChange };
      return ["edit_message", { ...named, content, mentions }];
    }
  }
}

/** What an action is about: of those that have not gone out, the one that was chosen last holds. */
export function subjectOfMessageAction(action: MessageAction): string {
  const what = action.kind === "react" ? bare(action.emoji) : "";
  return `${action.kind} ${String(targetOf(action))} ${what}`;
}

/** With and without a variation selector it is the same emoji. */
export function isSameEmoji(a: string, b: string): boolean {
  return a === b || bare(a) === bare(b);
}

function bare(emoji: string): string {
  return emoji.replaceAll("\ufe0f", "");
}

function apply<State extends MessageState>(state: State, entry: QueuedAction, myId: string | null): State {
  const { action, createdAt } = entry;
  switch (action.kind) {
    case "react": {
      const reactions = react(state.reactions, action, myId);
      return reactions === state.reactions ? state : { ...state, reactions };
    }
    case "pin":
      return (state.pinnedAt !== null) === action.on ? state : { ...state, pinnedAt: action.on ? createdAt : null };
    case "edit":
      return state.content === action.content ? state : { ...state, ...edited(state, action), editedAt: createdAt };
    case "delete":
      return { ...state, ...NOTHING_LEFT, deletedAt: createdAt, deletedBy: myId };
    default:
      return state; // what is done to rooms
  }
}

function edited({ mentions }: MessageState, action: EditAction): Pick<MessageState, "content" | "mentions"> {
  return { content: action.content, mentions: action.mentions ?? mentions };
}

const NOTHING_LEFT = {
  content: "",
  type: "text",
  metadata: null,
  replyTo: null,
  mentions: [],
  reactions: [],
  pinnedAt: null,
  attachments: [],
} as const;

type ReactAction = Extract<MessageAction, { readonly kind: "react" }>;

function react(reactions: readonly Reaction[], { emoji, on }: ReactAction, myId: string | null): readonly Reaction[] {
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
