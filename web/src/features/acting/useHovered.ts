import { useEffect, useState, type RefObject } from "react";
import { articleOf } from "./messageArticles";

/** The message that the mouse is at. A finger is at none. */
export function useHovered(log: RefObject<HTMLElement | null>): HTMLElement | null {
  const [hovered, setHovered] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const element = log.current;
    if (element === null) return;
    const follow = (event: PointerEvent): void => {
      if (event.pointerType === "mouse") setHovered(articleOf(event.target));
    };
    const leave = (): void => setHovered(null);
    element.addEventListener("pointerover", follow);
    element.addEventListener("pointerleave", leave);
    return () => {
      element.removeEventListener("pointerover", follow);
      element.removeEventListener("pointerleave", leave);
    };
  }, [log]);
  return hovered;
}
