/** From messages and what waits in the queue to the items that a view shows; an item stays the same object until it changes. */
import { ChatError } from "../lib/api/chatError";
import type { Queue, QueuedMessage } from "./outboxQueue";
import { stateOf, type Receipts } from "./receipts";
import type { Timeline } from "./timeline";
import type { ConversationItem, Message, SendState, User } from "./types";

const stored = new WeakMap<Message, ConversationItem>();
const queued = new WeakMap<QueuedMessage, ConversationItem>();
const NOBODY: User = { id: "", name: "", avatar: null, role: "va" };

export interface Shown {
  readonly timeline: Timeline;
  readonly receipts: Receipts;
  readonly otherIds: readonly string[];
  readonly queue: Queue;
  readonly me: User | null;
}

export function itemsOf({ timeline, receipts, otherIds, queue, me }: Shown): ConversationItem[] {
  const items = timeline.messages.map((message) =>
    itemOf(message, message.isOwn ? stateOf(message.seq, receipts, otherIds) : null),
  );
  // Acknowledged before those of others that the server put in front of it have come: it waits for its place at the end.
  for (const message of timeline.ahead) if (message.isOwn) items.push({ ...itemOf(message, "sent"), seq: null });
  for (const message of queue) items.push(queuedItemOf(message, me));
  return items;
}

/** React's key: the same from the moment of writing on, whichever way the message comes back. */
function keyOf(message: Message): string {
  return message.isOwn && message.clientMessageId !== null ? message.clientMessageId : message.id;
}

function itemOf(message: Message, state: SendState | null): ConversationItem {
  const known = stored.get(message);
  if (known?.state === state) return known;
  const { seq, clientMessageId, senderId, sender, content, type, metadata, createdAt, isOwn } = message;
  const own = {
    key: keyOf(message),
    seq,
    clientMessageId,
    senderId,
    sender,
    content,
    type,
    metadata,
    createdAt,
    isOwn,
  };
  const item: ConversationItem = { ...own, state, error: null };
  stored.set(message, item);
  return item;
}

function queuedItemOf(message: QueuedMessage, me: User | null): ConversationItem {
  const known = queued.get(message);
  if (known?.sender === (me ?? NOBODY)) return known;
  const item: ConversationItem = {
    key: message.clientMessageId,
    seq: null,
    clientMessageId: message.clientMessageId,
    senderId: me?.id ?? NOBODY.id,
    sender: me ?? NOBODY,
    content: message.content,
    type: "text",
    metadata: null,
    createdAt: message.createdAt,
    isOwn: true,
    state: message.state,
    error: message.error && new ChatError(message.error.code, message.error.message),
  };
  queued.set(message, item);
  return item;
}
