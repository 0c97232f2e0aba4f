import { useCallback, useLayoutEffect, useRef, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";

import type { Room } from "../../realtime/types";

/** One of the topmost conversations on the screen, and where the screen begins below its top, in pixels. */
interface Anchor {
  readonly roomId: string;
  readonly index: number;
  readonly offset: number;
}

/** Any of them may be the one that moves. */
const ANCHORS = 3;

/**
 * Keeps what is on the screen where it is when conversations above it come, go or move; another search begins at its top.
 * At the top nothing is kept: what is new is seen to come in. Returns what is to be called on each scroll.
 */
export function useListAnchor(
  list: RefObject<VirtualizerHandle | null>,
  rooms: readonly Room[],
  query: string,
): () => void {
  const anchors = useRef<readonly Anchor[]>([]);
  const searched = useRef(query);
  const note = useCallback(() => {
    if (list.current !== null) anchors.current = findAnchors(list.current, rooms);
  }, [list, rooms]);

  useLayoutEffect(() => {
    const { current } = list;
    if (current === null) return;
    const isOtherSearch = searched.current !== query;
    searched.current = query;
    const wanted = isOtherSearch ? 0 : findOffset(current, anchors.current, rooms);
    if (wanted !== null && Math.abs(wanted - current.scrollOffset) > 1) current.scrollTo(wanted);
    anchors.current = findAnchors(current, rooms);
  }, [list, rooms, query]);
  return note;
}

function findAnchors(list: VirtualizerHandle, rooms: readonly Room[]): readonly Anchor[] {
  const { scrollOffset } = list;
  if (scrollOffset <= 0) return [];
  const first = list.findItemIndex(scrollOffset);
  return rooms.slice(first, first + ANCHORS).map(({ id }, place) => {
    const index = first + place;
    return { roomId: id, index, offset: scrollOffset - list.getItemOffset(index) };
  });
}

/** Where the list has to stand for the anchors to be where they were. One that has gone up has moved by itself. */
function findOffset(list: VirtualizerHandle, anchors: readonly Anchor[], rooms: readonly Room[]): number | null {
  const found = anchors
    .map((anchor) => ({ ...anchor, now: rooms.findIndex(({ id }) => id === anchor.roomId) }))
    .filter(({ now }) => now !== -1);
  const anchor = found.find(({ now, index }) => now >= index) ?? found[0];
  return anchor === undefined ? null : list.getItemOffset(anchor.now) + anchor.offset;
}
