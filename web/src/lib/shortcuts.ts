/** Keys that go with letters in shortcuts: Command on Apple's devices, Control elsewhere. */
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

type Keys = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey" | "target" | "currentTarget">;

/** Whether somebody asks whoever listens for the shortcut of a letter. */
export function isShortcut(event: Keys, letter: string, shift = false): boolean {
  const isAsked = (isApple ? event.metaKey : event.ctrlKey) && !event.altKey && event.shiftKey === shift;
  return isAsked && event.key.toLowerCase() === letter && !isBehindDialog(event);
}

/**
 * Whether whoever listens to keys, a part of the page or all of it, is behind a dialog: that has the keyboard for itself.
 * Its keys come by all the same where it is drawn within that part, also the one that has closed it just now.
 */
export function isBehindDialog({ target, currentTarget }: Pick<Event, "target" | "currentTarget">): boolean {
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  const closed = target instanceof Element ? target.closest("dialog") : null;
  const isOver = (dialog: Element): boolean => !(currentTarget instanceof Node && dialog.contains(currentTarget));
  return (closed === null ? dialogs : [...dialogs, closed]).some(isOver);
}

/** How a shortcut is written on this device: “⌘K”, “Ctrl K”, “Ctrl Shift X”. */
export function describeShortcut(letter: string, shift = false): string {
  const name = letter.toUpperCase();
  return isApple ? `${shift ? "⇧" : ""}⌘${name}` : `Ctrl ${shift ? "Shift " : ""}${name}`;
}

/** As screen readers are told. */
export function ariaShortcut(letter: string, shift = false): string {
  return `${isApple ? "Meta" : "Control"}${shift ? "+Shift" : ""}+${letter.toUpperCase()}`;
}
