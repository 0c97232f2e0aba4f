import { useEffect } from "react";
import { WritableStore } from "./store";
import { useStore } from "./useStore";

export interface Later<Parts> {
  /** Null until it has been loaded. */
  readonly parts: Parts | null;
  /** It could not be had; it is tried again when it is wanted anew. */
  readonly hasFailed: boolean;
}

/**
 * A hook for what the first load does without: fetched when the page has nothing better to do, so that it is there without a
 * network, too, or at once when somebody wants it; and once for all.
 */
export function createLater<Parts>(load: () => Promise<Parts>): {
  readonly use: (isWanted: boolean) => Later<Parts>;
  readonly state: WritableStore<Later<Parts>>;
} {
  const state = new WritableStore<Later<Parts>>({ parts: null, hasFailed: false });
  let loading: Promise<void> | null = null;

  const start = (): void => {
    loading ??= load().then(
      (parts) => state.set({ parts, hasFailed: false }),
      () => {
        state.set({ parts: null, hasFailed: true });
        loading = null;
      },
    );
  };
  if ("requestIdleCallback" in globalThis) requestIdleCallback(start);

  const use = (isWanted: boolean): Later<Parts> => {
    useEffect(() => {
      if (isWanted) start();
    }, [isWanted]);
    return useStore(state);
  };
  return { use, state };
}
