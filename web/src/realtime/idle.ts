// Of a page that is never idle: work that waits goes on all the same.
const MOST_MS = 3_000;

/** Calls `action` when the page has nothing better to do; the answer calls it off. Safari cannot say, and does it now. */
export function whenIdle(action: () => void): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(action);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(action, { timeout: MOST_MS });
  return () => cancelIdleCallback(handle);
}
