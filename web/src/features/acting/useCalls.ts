import { useEffect, type RefObject } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { anchorOf, type Anchor } from "./anchors";
import { articleOf, articlesIn, bubbleOf, lastSeenIn } from "./messageArticles";

/** A finger that rests for so long asks for the menu; one that moves further than this does something else. */
const LONG_PRESS_MS = 450;
const MOST_MOVED_PX = 10;

/** Somebody's name in a message, which is a button to press, and text to select. */
const NAME = '[role="button"][data-acts]';

const WATCHED: ReadonlySet<string> = new Set(["touchstart", "touchmove"]);

/** Who has written a message: their name and picture lead to their profile, as its menu does for keys. */
const SENDER = ".hc-message__avatar, .hc-message__sender";

/** `personId`: whose profile, where it is not that of the sender. */
type Call = (article: HTMLElement, anchor: Anchor, has?: "versions" | "person", personId?: string) => void;

/** Calls for the menu of a message: a right click, a long press, keys at the message that has the focus, its own button. */
export function useCalls(log: RefObject<HTMLElement | null>, call: Call): void {
  useEffect(() => {
    const element = log.current;
    if (element === null) return;
    const ends = [followPress(element, call), followClicks(element, call), followKeys(element, call)];
    return () => {
      for (const end of ends) end();
    };
  }, [log, call]);
}

function followPress(log: HTMLElement, call: Call): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start: Touch | null = null;
  let wasLong = false;
  const end = (): void => clearTimeout(timer);
  const lift = (event: Event): void => {
    end();
    // Else the browser makes a click of it, on what is there by now.
    if (wasLong) event.preventDefault();
    wasLong = false;
  };
  const begin = (event: TouchEvent): void => {
    end();
    const article = articleOf(event.target);
    const [touch] = event.touches;
    if (article === null || touch === undefined || event.touches.length > 1 || isControl(event.target)) return;
    start = touch;
    timer = setTimeout(() => {
      wasLong = true;
      if ("vibrate" in navigator) navigator.vibrate(10);
      call(article, anchorOf(bubbleOf(article)));
    }, LONG_PRESS_MS);
  };
  const move = (event: TouchEvent): void => {
    const [touch] = event.touches;
    if (touch === undefined || start === null) return;
    if (Math.hypot(touch.clientX - start.clientX, touch.clientY - start.clientY) > MOST_MOVED_PX) end();
  };
  return listen(log, {
    touchstart: (event) => begin(event as TouchEvent),
    touchmove: (event) => move(event as TouchEvent),
    touchend: lift,
    touchcancel: end,
  });
}

function followClicks(log: HTMLElement, call: Call): () => void {
  const onContextMenu = (event: MouseEvent): void => {
    const article = articleOf(event.target);
    // The browser's own menu is for links, and for words that are selected.
    if (article === null || isControl(event.target) || getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    const isPointed = event.clientX > 0 || event.clientY > 0;
    const point = { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY };
    call(article, isPointed ? point : anchorOf(bubbleOf(article)));
  };
  const onClick = (event: Event): void => {
    const article = articleOf(event.target);
    if (article === null || !(event.target instanceof Element)) return;
    if (event.target.closest(SENDER) !== null) call(article, anchorOf(bubbleOf(article)), "person");
    const button = event.target.closest<HTMLElement>("[data-acts]");
    if (button === null) return;
    const { acts, person } = button.dataset;
    call(article, anchorOf(bubbleOf(article)), acts === "versions" || acts === "person" ? acts : undefined, person);
  };
  return listen(log, { contextmenu: (event) => onContextMenu(event as MouseEvent), click: onClick });
}

/** Enter goes from the list to its messages, arrows go through them, and Enter again asks for the menu of one. */
function followKeys(log: HTMLElement, call: Call): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const isPress = event.key === "Enter" || event.key === " ";
    if (isPress && event.target instanceof HTMLElement && event.target.matches(NAME)) {
      event.preventDefault();
      event.target.click();
      return;
    }
    const article = event.target === log ? null : articleOf(event.target);
    if (event.target !== log && event.target !== article) return;
    const next = article === null ? enter(event, log) : step(event, log, article);
    if (next !== null) {
      event.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (article !== null && isPress) {
      event.preventDefault();
      call(article, anchorOf(bubbleOf(article)));
    }
  };
  return listen(log, { keydown: (event) => ownKeys(onKey)(event as KeyboardEvent) });
}

function enter({ key }: KeyboardEvent, log: HTMLElement): HTMLElement | null {
  return key === "Enter" ? lastSeenIn(log) : null;
}

function step({ key }: KeyboardEvent, log: HTMLElement, article: HTMLElement): HTMLElement | null {
  if (key === "Escape") return log;
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const articles = articlesIn(log);
  return articles[articles.indexOf(article) + (key === "ArrowUp" ? -1 : 1)] ?? article;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a, button:not([data-acts]), input, textarea, pre") !== null;
}

function listen(element: HTMLElement, listeners: Readonly<Record<string, (event: Event) => void>>): () => void {
  const all = Object.entries(listeners);
  // Scrolling never waits for what is only looked at.
  for (const [name, listener] of all) element.addEventListener(name, listener, { passive: WATCHED.has(name) });
  return () => {
    for (const [name, listener] of all) element.removeEventListener(name, listener);
  };
}
