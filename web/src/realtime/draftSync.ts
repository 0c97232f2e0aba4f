/**
 * Drafts on all devices of a person: what is written here is saved on the server when the hand rests, and what comes from
 * there is taken over unless somebody is writing here. Whoever wrote last has written it: the server decides, by how
 * long ago each says that it was.
 */
import { toChatError, type ChatError } from "../lib/api/chatError";
import { isRecord } from "../lib/api/envelope";
import { clean } from "../lib/text/cleaning";
import { inShort } from "./attached";
import { isPassing } from "./conversationFacts";
import type { KeptDraft, SavedDraft } from "./device";
import { answeredBy, isUnsaved, type DraftBook, type DraftFollower } from "./drafts";
import { Timers } from "./timers";
import type { LastMessage, Message, ReplyMode } from "./types";

const SAVE_DELAY_MS = 1_500;
/** Whoever has pressed a key so lately is still writing: nothing is put under their hand. */
const RESTING_MS = 10_000;
const RETRY_MS = 30_000;

/** A draft as the server tells of it. */
export interface DraftRecord extends SavedDraft {
  readonly chatRoomId: string;
}

/** What is known of a message of one's own: all of it, or what the list of conversations has. */
type OwnMessage =
  Pick<Message, "content" | "createdAt" | "attachments"> | Pick<LastMessage, "content" | "createdAt" | "hasCaption">;

export interface DraftSyncOptions {
  readonly book: DraftBook;
  isConnected(): boolean;
  request(event: string, payload: unknown): Promise<unknown>;
  /** All drafts; `isWhole` is false when there are more than a device asks for. Throws ChatError. */
  listDrafts(): Promise<{ readonly drafts: readonly DraftRecord[]; readonly isWhole: boolean }>;
  /** Whether a message waits there to be sent: it ends the draft of its room. */
  isSending(roomId: string): boolean;
  /** How the composer is to answer a message; null when the message is not at hand. */
  findReply(roomId: string, messageId: string): Promise<ReplyMode | null>;
}

export class DraftSync implements DraftFollower {
  readonly #options: DraftSyncOptions;
  readonly #timers = new Timers();
  readonly #saving = new Set<string>();
  /** When the newest message of one's own was stored, by room. */
  readonly #ends = new Map<string, string>();
  /** What the server has refused as it is, by room. */
  readonly #refused = new Map<string, string>();

  constructor(options: DraftSyncOptions) {
    this.#options = options;
    options.book.follower = this;
  }

  readonly wrote = (roomId: string): void => this.#saveIn(roomId, SAVE_DELAY_MS);

  readonly left = (roomId: string): void => {
    if (this.#timers.isSet(`save ${roomId}`)) this.#saveIn(roomId, 0);
  };

  /** What is here is told at once: the page may be about to end. */
  flush(): void {
    for (const { roomId } of this.#options.book.list()) {
      if (this.#timers.isSet(`save ${roomId}`)) void this.#save(roomId);
    }
  }

  /** Something that waited was sent, or will not be. */
  review(): void {
    for (const draft of this.#options.book.list()) {
      if (isUnsaved(draft) && !this.#timers.isSet(`save ${draft.roomId}`)) this.wrote(draft.roomId);
    }
  }

  /** The connection is back: what was written elsewhere meanwhile comes in, and what was written here goes out. */
  async resume(): Promise<void> {
    const { book } = this.#options;
    const before = new Map(book.list().map((draft) => [draft.roomId, draft]));
    this.#timers.cancel("resume");
    const answer = await this.#options.listDrafts().catch((cause: unknown) => this.#resumeLater(toChatError(cause)));
    if (answer === null) return;
    for (const record of answer.drafts) this.#offer(record);
    const listed = new Set(answer.drafts.map(({ chatRoomId }) => chatRoomId));
    for (const { roomId, saved } of book.list()) {
      const isSame = saved !== null && before.get(roomId)?.saved === saved;
      // It has ended: by a message from elsewhere, or it was given up.
      if (answer.isWhole && isSame && !listed.has(roomId)) this.#offer({ ...saved, ...ENDED, chatRoomId: roomId });
    }
    for (const draft of book.list()) if (isUnsaved(draft)) void this.#save(draft.roomId);
  }

  /** While there is a connection, nothing else tries again. */
  #resumeLater(error: ChatError): null {
    const again = (): void => void (this.#options.isConnected() && this.resume());
    if (isPassing(error)) this.#timers.set("resume", RETRY_MS, again);
    return null;
  }

  /** `draft_changed`. */
  hear(payload: unknown): void {
    if (isDraftRecord(payload)) this.#offer(payload);
  }

  /** A message of one's own is stored: it has ended the draft of its room, on the server. May be told several times. */
  hearOwn(roomId: string, message: OwnMessage): void {
    const { content, createdAt } = message;
    const { book } = this.#options;
    if (createdAt <= (this.#ends.get(roomId) ?? "")) return;
    this.#ends.set(roomId, createdAt);
    const draft = book.find(roomId);
    if (draft === undefined) return;
    const ended = { ...ENDED, updatedAt: createdAt };
    const text = clean(draft.text);
    // Sent from another device, where it may have been written to its end: it is not to stay behind here.
    const isWhole = content === text || (!isUnsaved(draft) && content.startsWith(text));
    const isOfIt = isWhole && hasWords(message);
    if (text !== "" && isOfIt && !this.#options.isSending(roomId)) {
      book.adopt(roomId, { text: "", mode: null }, ended);
    } else {
      // Anything else was not meant by it, and is written now, as far as the server is concerned.
      book.learn(roomId, ended, Date.now());
      this.review();
    }
  }

  close(): void {
    this.#options.book.follower = null;
    this.#timers.close();
  }

  #saveIn(roomId: string, delayMs: number): void {
    this.#timers.set(`save ${roomId}`, delayMs, () => void this.#save(roomId));
  }

  async #save(roomId: string): Promise<void> {
    const { book, request, isConnected, isSending } = this.#options;
    const draft = book.find(roomId);
    this.#timers.cancel(`save ${roomId}`);
    if (draft === undefined || !isUnsaved(draft) || this.#saving.has(roomId)) return;
    if (!isConnected() || isSending(roomId) || this.#refused.get(roomId) === draft.text) return;
    this.#saving.add(roomId);
    const ageMs = draft.writtenAt === 0 ? 0 : Math.max(0, Date.now() - draft.writtenAt);
    const payload = { chatRoomId: roomId, content: draft.text, replyTo: answeredBy(draft.mode), ageMs };
    try {
      const answer = await request("save_draft", payload);
      this.#saving.delete(roomId);
      if (isDraftRecord(answer)) this.#settle(draft, answer);
    } catch (cause) {
      this.#saving.delete(roomId);
      // Without a connection it waits for the next one. What is too long is saved when it has become shorter.
      if (isPassing(toChatError(cause))) this.#saveIn(roomId, RETRY_MS);
      else this.#refused.set(roomId, draft.text);
    }
  }

  /** What the server has after `sent` was told to it: that, or what was written later elsewhere. */
  #settle(sent: KeptDraft, record: DraftRecord): void {
    const { book } = this.#options;
    const { roomId } = sent;
    const isTaken = record.content === sent.text && record.replyTo === answeredBy(sent.mode);
    if (isTaken) this.#learn(record);
    const now = book.find(roomId);
    if (now === undefined) return;
    if (now.writtenAt !== sent.writtenAt) this.wrote(roomId);
    else if (!isTaken) void this.#adopt(record);
  }

  /** What another device has written, or ended. */
  #offer(record: DraftRecord): void {
    const { book } = this.#options;
    const draft = book.find(record.chatRoomId);
    if (draft?.saved && record.updatedAt < draft.saved.updatedAt) return;
    if (draft === undefined) void this.#adopt(record);
    // Which of the two is newer, the server says when it is told of this one.
    else if (isUnsaved(draft)) this.wrote(record.chatRoomId);
    else void this.#adopt(record);
  }

  /** Takes over what the server has, once nobody is writing here; not if something is written here until then. */
  async #adopt(record: DraftRecord): Promise<void> {
    const { book, findReply } = this.#options;
    const { chatRoomId: roomId, content, replyTo } = record;
    const draft = book.find(roomId);
    const restsIn = (draft?.writtenAt ?? 0) + RESTING_MS - Date.now();
    if (restsIn > 0 && draft?.text !== content) {
      this.#timers.set(`adopt ${roomId}`, restsIn, () => {
        if (book.find(roomId)?.writtenAt === draft?.writtenAt) void this.#adopt(record);
      });
      return;
    }
    const reply = replyTo === null ? null : await findReply(roomId, replyTo);
    const now = book.find(roomId);
    if (now?.writtenAt !== draft?.writtenAt) return;
    // An edit that was begun here stays; and what cannot be shown is not to be taken for something that was given up here.
    const mode = now?.mode?.kind === "edit" ? now.mode : reply;
    book.adopt(roomId, { text: content, mode }, { ...savedOf(record), replyTo: answeredBy(mode) });
  }

  #learn(record: DraftRecord): void {
    this.#refused.delete(record.chatRoomId);
    this.#options.book.learn(record.chatRoomId, savedOf(record));
  }
}

/** The content of files alone is their names, which nobody has written. */
function hasWords(message: OwnMessage): boolean {
  return "hasCaption" in message ? message.hasCaption : inShort(message.content, message.attachments).hasCaption;
}

const ENDED = { content: "", replyTo: null };

function savedOf({ content, replyTo, updatedAt }: DraftRecord): SavedDraft {
  return { content, replyTo, updatedAt };
}

function isDraftRecord(payload: unknown): payload is DraftRecord {
  return (
    isRecord(payload) &&
    typeof payload.chatRoomId === "string" &&
    typeof payload.content === "string" &&
    typeof payload.updatedAt === "string"
  );
}
