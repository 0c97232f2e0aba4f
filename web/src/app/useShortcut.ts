import { useEffect } from "react";

import { ownKeys } from "../lib/ownKeys";
import { isShortcut } from "../lib/shortcuts";

/** Calls `act` on Command or Control with a letter, unless a dialog is open: it has the keyboard for itself. */
export function useShortcut(letter: string, act: () => void): void {
  useEffect(() => {
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      if (!isShortcut(event, letter) || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      act();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [letter, act]);
}
