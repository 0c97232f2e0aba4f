/** What the composer is for, besides a message of its own: an answer to one, or another text for one that was sent. */
import { WritableStore } from "../../lib/store";
import type { ChatClient, ConversationItem, Quote } from "../../realtime/types";

export interface ReplyMode {
  readonly kind: "reply";
  readonly key: string;
  readonly quote: Quote;
}

export interface EditMode {
  readonly kind: "edit";
  readonly key: string;
  readonly messageId: string | null;
  readonly clientMessageId: string | null;
  /** What it said when the edit was begun, and at which change. */
  readonly before: string;
  readonly ifChange: number;
  readonly text: string;
}

export type Mode = ReplyMode | EditMode;

/** An answer to a message that the server has. */
export function replyTo({
  key,
  id,
  seq,
  senderId,
  sender,
  content,
  type,
  deletedAt,
}: ConversationItem): ReplyMode | null {
  if (id === null || seq === null) return null;
  return { kind: "reply", key, quote: { id, seq, senderId, senderName: sender.name, content, type, deletedAt } };
}

/** Another text for one's own message; `text` is what it says now, or what was to be said and was refused. */
export function editOf({ key, id, clientMessageId, content, change }: ConversationItem, text = content): EditMode {
  return { kind: "edit", key, messageId: id, clientMessageId, before: content, ifChange: change, text };
}

/** Whether it is for oneself to say something else in it: files and what was deleted stay as they are. */
export function canEdit({ isOwn, type, deletedAt, state }: ConversationItem): boolean {
  return isOwn && type === "text" && deletedAt === null && state !== "refused";
}

type Modes = WritableStore<Readonly<Record<string, Mode | undefined>>>;

const ofClients = new WeakMap<ChatClient, Modes>();

/** Room id to mode: somebody who looks at another conversation meanwhile finds it as it was. */
export function modesOf(client: ChatClient): Modes {
  const known = ofClients.get(client) ?? new WritableStore({});
  ofClients.set(client, known);
  return known;
}

export function setMode(client: ChatClient, roomId: string, mode: Mode | undefined): void {
  modesOf(client).update((modes) => ({ ...modes, [roomId]: mode }));
}
