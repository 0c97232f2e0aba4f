/** Keys that go with letters in shortcuts: Command on Apple's devices, Control elsewhere. */
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

type Keys = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey">;

/** Whether somebody asks for the shortcut of a letter. */
export function isShortcut(event: Keys, letter: string, shift = false): boolean {
  const isAsked = (isApple ? event.metaKey : event.ctrlKey) && !event.altKey && event.shiftKey === shift;
  return isAsked && event.key.toLowerCase() === letter;
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
