import { useMemo, useSyncExternalStore } from "react";

import type { Store } from "./store";

/** The store's value, followed. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}

/**
 * A part of the store's value: the view renders again only when that part is another by `isEqual`.
 * `select` may build a new object; it is asked once for each snapshot.
 */
export function useStoreSelector<T, S>(
  store: Store<T>,
  select: (value: T) => S,
  isEqual: (a: S, b: S) => boolean = Object.is,
): S {
  const getSelection = useMemo(() => {
    let last: { readonly value: T; readonly selection: S } | null = null;
    return (): S => {
      const value = store.getSnapshot();
      if (last !== null && Object.is(last.value, value)) return last.selection;
      const selection = select(value);
      last = { value, selection: last !== null && isEqual(last.selection, selection) ? last.selection : selection };
      return last.selection;
    };
  }, [store, select, isEqual]);
  return useSyncExternalStore(store.subscribe, getSelection);
}
