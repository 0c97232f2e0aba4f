/** Where a reader is in a list of rows. */
import type { ConversationItem } from "../../realtime/types";
import { SEEN_PX } from "./onScreen";
import type { Row } from "./rows";

/** What of the virtual list this needs; lengths are pixels. */
export interface Viewport {
  readonly scrollOffset: number;
  readonly viewportSize: number;
  findItemIndex(offset: number): number;
  getItemOffset(index: number): number;
}

/** A screen of the smallest messages, and as many above it as a turn of the wheel brings. */
const END_ROWS = 48;

/** The newest stored message that is on the screen; 0 when there is none. */
export function findSeenSeq(viewport: Viewport, rows: readonly Row[]): number {
  if (viewport.viewportSize === 0 || rows.length === 0) return 0;
  const lastIndex = viewport.findItemIndex(viewport.scrollOffset + viewport.viewportSize - SEEN_PX);
  for (let index = Math.min(lastIndex, rows.length - 1); index >= 0; index -= 1) {
    const row = rows[index];
    if (row !== undefined && "item" in row && row.item.seq !== null) return row.item.seq;
  }
  return 0;
}

/** The oldest stored message that is on the screen; null when there is none. */
export function findTopItem(viewport: Viewport, rows: readonly Row[]): ConversationItem | null {
  if (viewport.viewportSize === 0) return null;
  for (let index = Math.max(0, viewport.findItemIndex(viewport.scrollOffset)); index < rows.length; index += 1) {
    const row = rows[index];
    if (row !== undefined && "item" in row && row.item.seq !== null) return row.item;
  }
  return null;
}

/** How many messages of others are newer than `seq`. */
export function countNewer(items: readonly ConversationItem[], seq: number): number {
  let count = 0;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item === undefined || (item.seq !== null && item.seq <= seq)) break;
    if (!item.isOwn && item.seq !== null) count += 1;
  }
  return count;
}

/** The indexes of the last rows. */
export function lastRows(rowCount: number): readonly number[] {
  const first = Math.max(0, rowCount - END_ROWS);
  return Array.from({ length: rowCount - first }, (_, index) => first + index);
}
