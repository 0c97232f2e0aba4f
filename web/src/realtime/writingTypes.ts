/** What somebody is writing besides what waits to be sent: drafts, what the composer is for, and what was refused. */
import type { Store } from "../lib/store";
import type { EditAction } from "./types";
import type { Message, Quote } from "./wire";

/** The composer is for an answer to a message. */
export interface ReplyMode {
  readonly kind: "reply";
  /** Of the item that is answered. */
  readonly key: string;
  readonly quote: Quote;
}

/** The composer is for another text of one's own message. */
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

export type WritingMode = ReplyMode | EditMode;

/**
 * What somebody has begun to write, for each room: the same on all of their devices, but for edits, which stay on this one.
 * All there once `me` is set.
 */
export interface Drafts {
  get(roomId: string): string;
  set(roomId: string, text: string): void;
  /** What the composer is for, besides a message that answers none; null: nothing else. */
  modeOf(roomId: string): WritingMode | null;
  setMode(roomId: string, mode: WritingMode | null): void;
  /** Nobody writes there any more, for now: other devices are told at once. */
  leave(roomId: string): void;
  /** Calls `listener` after each change, also when those of this device have been read. */
  subscribe(listener: () => void): () => void;
}

/** A text for a message that the server has refused. */
export interface RefusedEdit {
  readonly roomId: string;
  readonly action: EditAction;
  /** What the message says on the server, where it was refused because that is something else. */
  readonly present: Pick<Message, "content" | "change"> | null;
  /** By this device's clock (epoch milliseconds). */
  readonly refusedAt: number;
}

/** Kept on the device until they are taken up: the last twenty. */
export interface RefusedEdits {
  /** Oldest first: of each message the last one. */
  readonly waiting: Store<readonly RefusedEdit[]>;
  /**
   * Has the composer of its room be for `mode`, unless it is for something else by now, or another tab has taken the text
   * up; null: it is in nobody's way any more.
   */
  take(edit: RefusedEdit, mode: WritingMode | null): Promise<void>;
}
