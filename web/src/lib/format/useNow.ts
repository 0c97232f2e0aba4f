import { useSyncExternalStore } from "react";

/** One clock for the page, which ticks while somebody looks at it: relative times grow old together. */
const tickMs = 20_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (timer === null) {
    now = Date.now(); // it stood still while nobody looked
    timer = setInterval(tick, tickMs);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** The time in epoch milliseconds, at most 20 s old. Renders again with each tick. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
