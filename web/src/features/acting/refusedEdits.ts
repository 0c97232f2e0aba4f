/** Texts for messages that the server has refused, until the composer of their conversation takes them back. */
import { isRecord } from "../../lib/api/envelope";
import { WritableStore, type Store } from "../../lib/store";
import type { ChatClient, ConversationItem, EditAction, Message, Refusal } from "../../realtime/types";

/** More are refused at once only where something else is wrong. */
const MAX_WAITING = 20;

export interface RefusedEdit {
  readonly roomId: string;
  readonly action: EditAction;
  /** What the message says on the server, where it was refused because that is something else. */
  readonly present: Pick<Message, "content" | "change"> | null;
}

export class RefusedEdits {
  /** Oldest first: of each message the last one. */
  readonly waiting = new WritableStore<readonly RefusedEdit[]>([]);

  /** As long as the client: both go together. */
  constructor(refusals: Store<Refusal | null>) {
    const hear = (): void => {
      const refusal = refusals.getSnapshot();
      const edit = refusal && editIn(refusal);
      if (edit === null) return;
      this.waiting.update((all) => [...all.filter((other) => !isSame(other, edit)), edit].slice(-MAX_WAITING));
    };
    refusals.subscribe(hear);
    hear();
  }

  /** It is back in a composer, or in nobody's way any more. */
  take(edit: RefusedEdit): void {
    this.waiting.update((all) => all.filter((other) => other !== edit));
  }
}

const all = new WeakMap<ChatClient, RefusedEdits>();

/** One for all views of a client. */
export function refusedEditsOf(client: ChatClient): RefusedEdits {
  const known = all.get(client) ?? new RefusedEdits(client.refusals);
  all.set(client, known);
  return known;
}

/** Whether it is another text for this message. */
export function isFor({ action }: RefusedEdit, item: Pick<ConversationItem, "id" | "clientMessageId">): boolean {
  return action.messageId === null ? item.clientMessageId === action.clientMessageId : item.id === action.messageId;
}

function editIn({ action, roomId, error: { details } }: Refusal): RefusedEdit | null {
  if (action.kind !== "edit") return null;
  const present = isRecord(details) && isRecord(details.message) ? (details.message as unknown as Message) : null;
  return { roomId, action, present: present && { content: present.content, change: present.change } };
}

function isSame({ action: one }: RefusedEdit, { action: other }: RefusedEdit): boolean {
  return one.messageId === other.messageId && one.clientMessageId === other.clientMessageId;
}
