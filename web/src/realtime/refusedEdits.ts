/**
 * Texts for messages that the server has refused, until a composer takes them up: on the device, so that no reload loses
 * them, and for one tab alone.
 */
import type { ChatError } from "../lib/api/chatError";
import type { Change, Key } from "../lib/storage/keyValueDatabase";
import { WritableStore, type Store } from "../lib/store";
import type { Device, KeptConversation } from "./device";
import type { DraftBook } from "./drafts";
import { presentIn } from "./messageActions";
import type { EditAction, Message, RefusedEdit, RefusedEdits, Refusal, WritingMode } from "./types";

/** More are refused at once only where something else is wrong. */
const MAX_WAITING = 20;
const STORE = "meta";
const PREFIX: Key = ["refusedEdit"];

/** Of one client, which closes it. */
export class KeptEdits implements RefusedEdits {
  readonly waiting = new WritableStore<readonly RefusedEdit[]>([]);
  readonly #device: Device;
  readonly #drafts: DraftBook;
  /** What the disk did not take waits as long as the page. */
  readonly #unkept = new Set<RefusedEdit>();
  readonly #endWatch: () => void;

  constructor(device: Device, drafts: DraftBook, refusals: Store<Refusal | null>) {
    this.#device = device;
    this.#drafts = drafts;
    // Whichever tab it was that sent the text has written it down before it told the others.
    this.#endWatch = refusals.subscribe(() => void this.#read());
    void this.#read();
  }

  /** The server has refused a text. Once this is done, the text may leave the outbox. Never rejects. */
  async keep(roomId: string, action: EditAction, error: ChatError): Promise<void> {
    if (error.code === "message_deleted") return;
    const present = presentIn(error);
    const edit: RefusedEdit = {
      roomId,
      action,
      present: present && { content: present.content, change: present.change },
      refusedAt: Date.now(),
    };
    for (const other of this.#unkept) if (isOfSame(other, edit)) this.#unkept.delete(other);
    const isKept = await this.#write([{ store: STORE, key: keyOf(edit), value: edit }]);
    if (!isKept) this.#unkept.add(edit);
    // It is seen once the text has left the outbox, when the message says what it says on the server.
    await this.#forget((await this.#list()).slice(0, -MAX_WAITING));
  }

  readonly take = async (edit: RefusedEdit, mode: WritingMode | null): Promise<void> => {
    await this.#read();
    if (!this.waiting.getSnapshot().includes(edit)) return;
    if (mode !== null) {
      if (this.#drafts.modeOf(edit.roomId) !== null) return;
      this.#drafts.setMode(edit.roomId, mode);
      // On its way to the disk as a draft before it is taken away here.
      this.#drafts.flush();
    }
    await this.#forget([edit]);
  };

  /** Nothing is kept for a message that was deleted. */
  async forgetDeleted({ roomId, messages }: Pick<KeptConversation, "roomId" | "messages">): Promise<void> {
    const deleted = messages.filter((message) => message.deletedAt !== null);
    if (deleted.length === 0) return;
    const isOver = (edit: RefusedEdit): boolean => deleted.some((message) => isFor(edit, message));
    await this.#forget((await this.#list()).filter((edit) => edit.roomId === roomId && isOver(edit)));
  }

  /** Nothing is kept of a room of which one is no member any more. */
  async forgetRoom(roomId: string): Promise<void> {
    await this.#forget((await this.#list()).filter((edit) => edit.roomId === roomId));
  }

  close(): void {
    this.#endWatch();
  }

  async #read(): Promise<void> {
    const found = await this.#list();
    this.waiting.update((known) => {
      const now = found.map((edit) => known.find((one) => isSame(one, edit)) ?? edit);
      return now.length === known.length && now.every((edit, index) => edit === known[index]) ? known : now;
    });
  }

  /** As the disk has it: another tab may have kept some, and taken others up. */
  async #list(): Promise<RefusedEdit[]> {
    const kept = (await this.#device.database.list(STORE, PREFIX).catch(() => [])) as RefusedEdit[];
    return [...kept, ...this.#unkept].sort((a, b) => a.refusedAt - b.refusedAt);
  }

  async #forget(edits: readonly RefusedEdit[]): Promise<void> {
    if (edits.length === 0) return;
    const isOver = (edit: RefusedEdit): boolean => edits.some((one) => isSame(one, edit));
    for (const edit of this.#unkept) if (isOver(edit)) this.#unkept.delete(edit);
    this.waiting.update((all) => all.filter((edit) => !isOver(edit)));
    await this.#write(edits.map((edit) => ({ store: STORE, remove: keyOf(edit) })));
  }

  #write(changes: readonly Change[]): Promise<boolean> {
    return this.#device.database.write(changes).then(
      () => true,
      () => false,
    );
  }
}

/** Whether it is another text for this message. */
export function isFor(
  { action }: RefusedEdit,
  message: Pick<Message, "clientMessageId"> & { id: string | null },
): boolean {
  return action.messageId === null
    ? message.clientMessageId === action.clientMessageId
    : message.id === action.messageId;
}

/** Of each message the last text. */
function keyOf({ action }: RefusedEdit): Key {
  return [...PREFIX, action.clientMessageId ?? action.messageId ?? ""];
}

function isOfSame(one: RefusedEdit, other: RefusedEdit): boolean {
  return String(keyOf(one)) === String(keyOf(other));
}

function isSame(one: RefusedEdit, other: RefusedEdit): boolean {
  return isOfSame(one, other) && one.refusedAt === other.refusedAt;
}
