import { useEffect, type RefObject } from "react";
import type { Target } from "../../realtime/types";

/** How long the message that one was led to is marked. */
const MARKED_MS = 2_400;
/** The list scrolls to it and makes its element within some frames; on a busy device within some hundred. */
const MOST_FRAMES = 300;

/**
 * Marks the message that somebody was led to for a moment, and gives it the keyboard if it is to have it. By script, as
 * the list makes an element anew each time it comes into view, and the mark is for the first time only.
 */
export function useReached(list: RefObject<HTMLElement | null>, target: Target | null): void {
  useEffect(() => {
    if (target === null) return undefined;
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let element: HTMLElement | null | undefined;
    const look = (framesLeft: number): void => {
      element = list.current?.querySelector<HTMLElement>(`[data-seq="${target.seq}"]`);
      if (element) {
        mark(element, target.takesFocus);
        timer = setTimeout(() => element?.removeAttribute("data-reached"), MARKED_MS);
      } else if (framesLeft > 0) frame = requestAnimationFrame(() => look(framesLeft - 1));
    };
    frame = requestAnimationFrame(() => look(MOST_FRAMES));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      element?.removeAttribute("data-reached");
    };
  }, [list, target]);
}

function mark(element: HTMLElement, takesFocus: boolean): void {
  element.setAttribute("data-reached", "");
  if (!takesFocus) return;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
