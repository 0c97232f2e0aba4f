/** Whether something on the screen lies on something else. */
import type { Locator } from "playwright-core";

import { eventually } from "./waiting";

/** It stands apart from all of these, once they have come to rest. */
export async function nothingLiesUnder(words: Locator, ...others: readonly Locator[]): Promise<void> {
  for (const other of others) await eventually(() => areApart(words, other.first()), String(other)).toBe(true);
}

async function areApart(words: Locator, other: Locator): Promise<boolean> {
  const [strip, box] = [await words.boundingBox(), await other.boundingBox()];
  if (strip === null || box === null) return false; // not on the screen
  const isApart = box.y >= strip.y + strip.height - 0.5 || box.y + box.height <= strip.y + 0.5;
  return isApart || box.x >= strip.x + strip.width || box.x + box.width <= strip.x;
}
