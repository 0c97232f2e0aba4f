/** Which messages somebody can see now: in the list's window, and with nothing over them. */

/** So much of a message must be on the screen for it to count as seen. */
export const SEEN_PX = 24;

/** A message is seen where one of these parts of its width is. */
const WHERE = [0.5, 0.2, 0.8];

/**
 * The newest message up to `seq` that is on the screen, however it may be covered: by a dialog, a sheet, a menu, a part
 * of a host's page. 0 when there is none.
 */
export function findUncoveredSeq(log: HTMLElement | null, seq: number): number {
  if (log === null) return 0;
  const shown = [...log.querySelectorAll<HTMLElement>("[data-seq]")].reverse();
  const seen = shown.find((message) => Number(message.dataset.seq) <= seq && isOnScreen(message, log));
  return Number(seen?.dataset.seq ?? 0);
}

function isOnScreen(message: HTMLElement, log: HTMLElement): boolean {
  const [box, frame] = [message.getBoundingClientRect(), log.getBoundingClientRect()];
  const top = Math.max(box.top, frame.top, 0);
  const bottom = Math.min(box.bottom, frame.bottom, window.innerHeight);
  if (bottom - top < Math.min(SEEN_PX, box.height) || box.height === 0) return false;
  // What hides nothing from the eyes, such as an empty layer, lets through what is below it.
  const root = log.getRootNode() as Document | ShadowRoot;
  return WHERE.some((part) => log.contains(root.elementFromPoint(box.left + box.width * part, (top + bottom) / 2)));
}
