/** From messages and what waits in the queue to the items that a view shows; an item stays the same object until it changes. */
import { ChatError } from "../lib/api/chatError";
import { actionsById, applyToMessage } from "./messageActions";
import type { Queue, QueuedAction, QueuedMessage } from "./outboxQueue";
import { stateOf, type Receipts } from "./receipts";
import type { Timeline } from "./timeline";
import { UNCHANGED } from "./unchanged";
import type { ConversationItem, Message, SendState, User } from "./types";

interface Made {
  readonly item: ConversationItem;
  readonly actions: readonly QueuedAction[];
}

const stored = new WeakMap<Message, Made>();
const queued = new WeakMap<QueuedMessage, Made>();
const NOBODY: User = { id: "", name: "", avatar: null, role: "va" };
const NO_ACTIONS: readonly QueuedAction[] = [];

export interface Shown {
  readonly timeline: Timeline;
  readonly receipts: Receipts;
  readonly otherIds: readonly string[];
  readonly queue: Queue;
  readonly actions: Queue<QueuedAction>;
  readonly me: User | null;
}

export function itemsOf({ timeline, receipts, otherIds, queue, actions, me }: Shown): ConversationItem[] {
  const byId = actionsById(actions);
  const itemOf = (message: Message, state: SendState | null): ConversationItem =>
    storedItemOf(message, state, actionsOn(byId, message), me);
  const items = timeline.messages.map((message) =>
    itemOf(message, message.isOwn ? stateOf(message.seq, receipts, otherIds) : null),
  );
  // Acknowledged before those of others that the server put in front of it have come: it waits for its place at the end.
  for (const message of timeline.ahead) if (message.isOwn) items.push({ ...itemOf(message, "sent"), seq: null });
  for (const message of queue) items.push(queuedItemOf(message, byId.get(message.clientMessageId) ?? NO_ACTIONS, me));
  return items;
}

/** Some were chosen when the message itself still waited, and had no id. */
function actionsOn(
  byId: ReturnType<typeof actionsById>,
  { id, isOwn, clientMessageId }: Message,
): readonly QueuedAction[] {
  const earlier = isOwn && clientMessageId !== null ? byId.get(clientMessageId) : undefined;
  const later = byId.get(id);
  return earlier && later ? [...earlier, ...later] : (later ?? earlier ?? NO_ACTIONS);
}

/** React's key: the same from the moment of writing on, whichever way the message comes back. */
export function keyOf(message: Message): string {
  return message.isOwn && message.clientMessageId !== null ? message.clientMessageId : message.id;
}

function storedItemOf(
  message: Message,
  state: SendState | null,
  actions: readonly QueuedAction[],
  me: User | null,
): ConversationItem {
  const known = stored.get(message);
  if (known?.item.state === state && sameElements(known.actions, actions)) return known.item;
  const now = applyToMessage(message, actions, me?.id ?? null);
  const item: ConversationItem = { ...now, key: keyOf(message), state, error: null };
  stored.set(message, { item, actions });
  return item;
}

function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

function queuedItemOf(message: QueuedMessage, actions: readonly QueuedAction[], me: User | null): ConversationItem {
  const known = queued.get(message);
  if (known?.item.sender === (me ?? NOBODY) && sameElements(known.actions, actions)) return known.item;
  const { clientMessageId, content, createdAt, replyTo = null, mentions = [], state, error, fileIds } = message;
  const written: ConversationItem = {
    ...UNCHANGED,
    key: clientMessageId,
    id: null,
    seq: null,
    clientMessageId,
    senderId: me?.id ?? NOBODY.id,
    sender: me ?? NOBODY,
    content,
    type: "text",
    metadata: null,
    createdAt,
    replyTo,
    mentions,
    isOwn: true,
    state,
    error: error && new ChatError(error.code, error.message, null, error.details ?? null),
    ...(fileIds && { fileIds }),
  };
  const item = applyToMessage(written, actions, me?.id ?? null);
  queued.set(message, { item, actions });
  return item;
}
