import { useEffect } from "react";

import { ownKeys } from "../lib/ownKeys";

/** The key that goes with letters in shortcuts: Command on Apple's devices, Control elsewhere. */
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How a shortcut is written on this device: “⌘K”, “Ctrl K”. */
export function describeShortcut(letter: string): string {
  return isApple ? `⌘${letter.toUpperCase()}` : `Ctrl ${letter.toUpperCase()}`;
}

/** Calls `act` on Command or Control with a letter, unless a dialog is open: it has the keyboard for itself. */
export function useShortcut(letter: string, act: () => void): void {
  useEffect(() => {
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      const isAsked = (isApple ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey;
      if (!isAsked || event.key.toLowerCase() !== letter || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      act();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [letter, act]);
}
