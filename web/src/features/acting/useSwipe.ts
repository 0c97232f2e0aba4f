import { useEffect, useRef, type RefObject } from "react";
import { articleOf } from "./messageArticles";

/** So far a finger goes for it to be an answer, and no further does the message follow. */
const ENOUGH_PX = 56;
const MOST_PX = 72;
/** From here on it is clear that nobody scrolls. */
const CLEAR_PX = 12;

/** A message that is swept towards the end of the line is to be answered. */
export function useSwipe(log: RefObject<HTMLElement | null>, onSwipe: (key: string) => void): void {
  const told = useRef(onSwipe);
  useEffect(() => {
    told.current = onSwipe;
  });
  useEffect(() => {
    const element = log.current;
    return element === null ? undefined : follow(element, (key) => told.current(key));
  }, [log]);
}

function follow(log: HTMLElement, onSwipe: (key: string) => void): () => void {
  let swept: { article: HTMLElement; x: number; y: number; by: number } | null = null;
  const begin = (event: TouchEvent): void => {
    const [touch] = event.touches;
    const article = articleOf(event.target);
    const isAlone = event.touches.length === 1 && touch !== undefined;
    swept = isAlone && article !== null ? { article, x: touch.clientX, y: touch.clientY, by: 0 } : null;
  };
  const move = (event: TouchEvent): void => {
    const [touch] = event.touches;
    if (swept === null || touch === undefined) return;
    const [across, along] = [touch.clientX - swept.x, Math.abs(touch.clientY - swept.y)];
    if (swept.by === 0 && along > CLEAR_PX) swept = null;
    else if (swept.by > 0 || (across > CLEAR_PX && across > 2 * along)) {
      swept.by = Math.max(1, Math.min(across - CLEAR_PX, MOST_PX));
      swept.article.style.translate = `${String(swept.by)}px`;
    }
  };
  const end = (): void => {
    if (swept === null || swept.by === 0) return;
    const { article, by } = swept;
    swept = null;
    article.style.translate = "";
    if (by >= ENOUGH_PX && article.dataset.key !== undefined) onSwipe(article.dataset.key);
  };
  log.addEventListener("touchstart", begin, { passive: true });
  log.addEventListener("touchmove", move, { passive: true });
  for (const name of ["touchend", "touchcancel"]) log.addEventListener(name, end);
  return () => {
    log.removeEventListener("touchstart", begin);
    log.removeEventListener("touchmove", move);
    for (const name of ["touchend", "touchcancel"]) log.removeEventListener(name, end);
  };
}
