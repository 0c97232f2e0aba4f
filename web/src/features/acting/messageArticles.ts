/** The messages as they stand in the document: only those near the screen do. */

const MESSAGE = "article[data-key]";

export function articleOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(MESSAGE) : null;
}

export function articlesIn(log: Element): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>(MESSAGE)];
}

/** The last one of which something can be seen. */
export function lastSeenIn(log: Element): HTMLElement | null {
  const { bottom } = log.getBoundingClientRect();
  return articlesIn(log).findLast((article) => article.getBoundingClientRect().top < bottom) ?? null;
}

/** What there is to stand beside: the bubble, without the space around it. */
export function bubbleOf(article: Element): Element {
  return article.querySelector(".hc-message__bubble") ?? article;
}
