import type { TabMessage, Tabs } from "../tabs";

/** The tabs of one browser without a browser: each hears what the others tell, a moment later. */
export function makeTabs(count: number): Tabs[] {
  const listeners = Array.from({ length: count }, () => new Set<(message: TabMessage) => void>());
  return listeners.map((own) => ({
    tell: (message) => {
      for (const others of listeners) {
        if (others !== own) for (const listener of [...others]) queueMicrotask(() => listener(message));
      }
    },
    on: (listener) => {
      own.add(listener);
      return () => own.delete(listener);
    },
    close: () => own.clear(),
  }));
}
