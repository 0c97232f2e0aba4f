import { useLayoutEffect, useRef, type RefObject } from "react";
import type { ConversationItem } from "../../realtime/types";

const RISE: Keyframe[] = [{ opacity: 0, transform: "translateY(10px)" }, {}];
const RISE_OPTIONS: KeyframeAnimationOptions = { duration: 160, easing: "cubic-bezier(0.2, 0, 0, 1)" };
/** More than these at once were missed rather than received: they are simply there. */
const MOST_AT_ONCE = 4;

/**
 * Lets what has just arrived at the end of the list rise gently. By script rather than by a class, since the list makes
 * an element anew each time it comes into view.
 */
export function useArrivals(list: RefObject<HTMLElement | null>, items: readonly ConversationItem[]): void {
  const last = useRef<ConversationItem | null>(null);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = items.at(-1) ?? null;
    if (before === null || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const start = items.findLastIndex((item) => item.key === before.key) + 1;
    if (start === 0 || items.length - start > MOST_AT_ONCE) return;
    for (const { key } of items.slice(start)) {
      const element = list.current?.querySelector(`[data-key="${CSS.escape(key)}"]`);
      element?.animate(RISE, RISE_OPTIONS);
    }
  }, [list, items]);
}
