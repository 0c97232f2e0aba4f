import { useEffect } from "react";
import { WritableStore } from "./store";
import { useStore } from "./useStore";

export interface Later<Parts> {
  /** Null until it has been loaded. */
  readonly parts: Parts | null;
  /** It could not be had; it is tried again when it is wanted anew, and when the network is back. */
  readonly hasFailed: boolean;
}

/**
 * A hook for what the first load does without: fetched when the page has nothing better to do, so that it is there without a
 * network, too, or at once when somebody wants it; and once for all.
 */
export function createLater<Parts>(load: () => Promise<Parts>): {
  readonly use: (isWanted: boolean) => Later<Parts>;
  readonly state: WritableStore<Later<Parts>>;
  /** Loads it. Rejects where it cannot be had. */
  readonly load: () => Promise<Parts>;
} {
  const state = new WritableStore<Later<Parts>>({ parts: null, hasFailed: false });
  let loading: Promise<Parts> | null = null;

  const start = (): Promise<Parts> => {
    if (loading !== null) return loading;
    loading = isOutOfReach() ? Promise.reject(new Error("There is no network.")) : load();
    loading.then(
      (parts) => state.set({ parts, hasFailed: false }),
      () => {
        loading = null;
        state.set({ parts: null, hasFailed: true });
        globalThis.addEventListener("online", again, { once: true });
      },
    );
    return loading;
  };
  const again = (): void => void start().catch(() => undefined);
  if ("requestIdleCallback" in globalThis) requestIdleCallback(again);

  const use = (isWanted: boolean): Later<Parts> => {
    useEffect(() => {
      if (isWanted) again();
    }, [isWanted]);
    return useStore(state);
  };
  return { use, state, load: start };
}

/**
 * Whether a file of the app is not even to be asked for: without a network, before a service worker has it. A browser may
 * remember of a module that it could not be had, and never ask for it again on this page; Chromium does.
 */
function isOutOfReach(): boolean {
  const { onLine, serviceWorker } = globalThis.navigator as Partial<Navigator>;
  return onLine === false && !serviceWorker?.controller;
}
