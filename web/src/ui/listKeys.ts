/**
 * Which conversation a key leads to, among `count` of which `current` has focus (-1: the search field above them).
 * -1 leads back to the search field; null: the key is none of the list's.
 */
export function nextRow(key: string, current: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return Math.min(current + 1, count - 1);
    case "ArrowUp":
      return Math.max(current - 1, -1);
    case "Home":
      return current === -1 || count === 0 ? null : 0;
    case "End":
      return current === -1 || count === 0 ? null : count - 1;
    default:
      return null;
  }
}
