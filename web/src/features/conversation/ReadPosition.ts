/** How far somebody has really read: a message on the screen, in a window that has the focus. No React. */
import type { Conversation } from "../../realtime/types";

/** Scrolling past ten messages is one read position, not ten. */
const SETTLE_MS = 120;

const isSomebodyLooking = (): boolean => document.visibilityState === "visible" && document.hasFocus();

export class ReadPosition {
  readonly #conversation: Pick<Conversation, "markRead">;
  #sentSeq = 0;
  #seenSeq = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(conversation: Pick<Conversation, "markRead">) {
    this.#conversation = conversation;
  }

  /** A message is on the screen. Counts when somebody looks now and when the list has come to rest. */
  readonly see = (seq: number): void => {
    if (seq <= this.#seenSeq || !isSomebodyLooking()) return;
    this.#seenSeq = seq;
    this.#timer ??= setTimeout(this.#send, SETTLE_MS);
  };

  /** Nothing more is sent; `see` begins anew. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#seenSeq = this.#sentSeq;
  }

  readonly #send = (): void => {
    this.#timer = null;
    if (!isSomebodyLooking()) {
      this.#seenSeq = this.#sentSeq;
      return;
    }
    this.#sentSeq = this.#seenSeq;
    this.#conversation.markRead(this.#sentSeq);
  };
}
