import type { ConversationItem, Room } from "./types";

/**
 * The places (`seq`) of what is pinned in a room, the newest first: as the room says, and as those of its messages say
 * that are loaded. They know sooner, and also what was done without a network.
 */
export function pinnedIn(
  { pinned }: Pick<Room, "pinned">,
  items: readonly Pick<ConversationItem, "seq" | "pinnedAt">[],
): number[] {
  const seqs = new Set(pinned);
  for (const { seq, pinnedAt } of items) {
    if (seq === null) continue;
    if (pinnedAt === null) seqs.delete(seq);
    else seqs.add(seq);
  }
  return [...seqs].sort((a, b) => b - a);
}
