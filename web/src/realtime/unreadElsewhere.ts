/** Unread messages in rooms that are older than those that were loaded: the server's count, without what the list has. */
import type { UnreadCounts } from "./chatApi";
import type { Room } from "./types";

export class UnreadElsewhere {
  #counts: UnreadCounts | null = null;

  /** Null when all rooms are loaded, or the server could not say. */
  set(counts: UnreadCounts | null): void {
    this.#counts = counts;
  }

  /** How many there are beside those of `loaded`, which are counted by what the list knows of them. */
  beside(loaded: readonly Room[]): number {
    if (this.#counts === null) return 0;
    const { count, rooms } = this.#counts;
    return Math.max(0, count - loaded.reduce((sum, { id }) => sum + (rooms[id] ?? 0), 0));
  }
}
