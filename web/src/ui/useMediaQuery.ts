import { useMemo, useSyncExternalStore } from "react";

/** Whether the page matches a media query, followed. */
export function useMediaQuery(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  return useSyncExternalStore(
    (listener) => {
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => list.matches,
  );
}

/** Below this width there is one pane: `max-width: 719px` in the style sheets. */
export const phoneQuery = "(max-width: 719px)";
/** From this width on there are three: `min-width: 1280px` in the style sheets. */
export const wideQuery = "(min-width: 1280px)";
