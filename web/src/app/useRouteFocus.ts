import { useEffect, useRef, type RefObject } from "react";

/**
 * Focus follows a change of route, so that keyboards and screen readers are where the eyes are: on a phone into the
 * conversation, and back onto the row of the one that was left. On a desk the composer takes it by itself.
 */
export function useRouteFocus(frame: RefObject<HTMLElement | null>, roomId: string | null, isPhone: boolean): void {
  const before = useRef(roomId);
  useEffect(() => {
    const left = before.current;
    before.current = roomId;
    if (left === roomId || !isPhone) return;
    const target = roomId === null ? findRow(frame.current, left) : findMain(frame.current);
    target?.focus({ preventScroll: roomId !== null });
  }, [frame, roomId, isPhone]);
}

function findRow(frame: HTMLElement | null, roomId: string | null): HTMLElement | undefined {
  const rows = frame?.querySelectorAll<HTMLElement>("a[data-room]") ?? [];
  return [...rows].find((row) => row.dataset.room === roomId);
}

function findMain(frame: HTMLElement | null): HTMLElement | null {
  const main = frame?.querySelector<HTMLElement>("main") ?? null;
  main?.setAttribute("tabindex", "-1");
  return main;
}
