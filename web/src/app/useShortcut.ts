import { useEffect } from "react";

import { ownKeys } from "../lib/ownKeys";
import { isShortcut } from "../lib/shortcuts";

/** Calls `act` on Command or Control with a letter, unless a dialog is open. */
export function useShortcut(letter: string, act: () => void): void {
  useEffect(() => {
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      if (!isShortcut(event, letter)) return;
      event.preventDefault();
      act();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [letter, act]);
}
