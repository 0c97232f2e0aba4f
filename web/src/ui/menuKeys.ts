const DOWN = ["ArrowDown", "ArrowUp"] as const;
/** For items beside one another. */
export const ACROSS = ["ArrowRight", "ArrowLeft"] as const;

/**
 * Which item of a menu or toolbar a key leads to, among `count` items of which `current` has focus (-1: none); null: no
 * change. `arrows` lead to the next one and the one before.
 */
export function nextIndex(
  key: string,
  current: number,
  count: number,
  [next, previous]: typeof DOWN | typeof ACROSS = DOWN,
): number | null {
  if (count === 0) return null;
  switch (key) {
    case next:
      return (current + 1) % count;
    case previous:
      return (Math.max(current, 0) - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
