/** Which messages are news to somebody who has the conversation open: never its history. */
import type { ConversationItem, ConversationState } from "../../realtime/types";

type Seen = Pick<ConversationState, "phase" | "items" | "room" | "isCurrent" | "hasNewer">;

/** Tells what has arrived since it was asked last. */
export class Arrivals {
  /** Up to here everything was told, or was there already; null until something has been there. */
  #toldSeq: number | null = null;

  /**
   * What was there when the conversation opened is its history. What came while there was no connection counts only
   * above the position that was read, which is known when the server has answered: until then nothing is told.
   */
  take({ phase, items, room, isCurrent, hasNewer }: Seen): readonly ConversationItem[] {
    if (hasNewer) return []; // these are of the past; what arrives meanwhile is told when the present is shown again
    const newest = items.findLast(({ seq }) => seq !== null)?.seq ?? 0;
    if (this.#toldSeq === null) {
      if (phase === "ready" || newest > 0) this.#toldSeq = newest;
      return [];
    }
    if (!isCurrent || newest <= this.#toldSeq) return [];
    const since = Math.max(this.#toldSeq, room?.lastReadSeq ?? 0);
    this.#toldSeq = newest;
    return items.filter(({ seq, isOwn }) => seq !== null && seq > since && !isOwn);
  }
}
