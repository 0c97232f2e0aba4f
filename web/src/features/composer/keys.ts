/** What a key does in the composer. */

export interface ComposerKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * Whether a key sends the message. On a desk Enter does, with Shift or Alt it breaks the line; on a phone Enter breaks
 * the line, since the button is beside the thumb. Ctrl or Cmd with Enter sends everywhere.
 */
export function sendsMessage(event: ComposerKey, isPhone: boolean): boolean {
  if (event.key !== "Enter") return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !isPhone && !event.shiftKey && !event.altKey;
}
