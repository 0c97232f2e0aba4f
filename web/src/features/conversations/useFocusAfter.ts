import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

import type { Room } from "../../realtime/types";

/**
 * When the conversation that had the focus leaves the list, the focus goes to the one that Tab leads to, and not to the
 * beginning of the page.
 */
export function useFocusAfter(frame: RefObject<HTMLElement | null>, rooms: readonly Room[]): void {
  const focusedId = useRef<string | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent): void => {
      focusedId.current = target instanceof HTMLElement ? (target.dataset.room ?? null) : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useLayoutEffect(() => {
    if (focusedId.current === null || rooms.some(({ id }) => id === focusedId.current)) return;
    focusedId.current = null;
    frame.current?.querySelector<HTMLElement>('a[data-room][tabindex="0"]')?.focus({ preventScroll: true });
  }, [frame, rooms]);
}
