/** How far somebody has really read: a message on the screen, with nothing over it, in a window that has the focus. No React. */
import type { Conversation } from "../../realtime/types";

/** Scrolling past ten messages is one read position, not ten. */
const SETTLE_MS = 120;
/** What lies over a message goes in many ways, of which no event tells: it is looked again while somebody is there. */
const COVERED_MS = 300;

const isSomebodyLooking = (): boolean => document.visibilityState === "visible" && document.hasFocus();

export class ReadPosition {
  readonly #conversation: Pick<Conversation, "markRead">;
  readonly #findUncovered: (seq: number) => number;
  #sentSeq = 0;
  #seenSeq = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `findUncovered`: the newest message up to a seq that is on the screen and not covered; 0 when there is none. */
  constructor(conversation: Pick<Conversation, "markRead">, findUncovered: (seq: number) => number) {
    this.#conversation = conversation;
    this.#findUncovered = findUncovered;
  }

  /** A message is in the list's window. Counts when somebody looks now and when the list has come to rest. */
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
    const seq = this.#findUncovered(this.#seenSeq);
    if (seq > this.#sentSeq) {
      this.#sentSeq = seq;
      this.#conversation.markRead(seq);
    }
    if (this.#seenSeq > this.#sentSeq) this.#timer = setTimeout(this.#send, COVERED_MS);
  };
}
