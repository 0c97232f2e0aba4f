import { lazy, type ComponentType, type LazyExoticComponent } from "react";

import { UnavailablePart } from "./UnavailablePart";

/**
 * A part that nobody needs for reading and writing: it is loaded when it is shown first. `instead` is shown when it cannot
 * be had; without it, a dialog says so. To be rendered within a `Suspense`.
 */
export function lazyPart<Properties>(
  load: () => Promise<ComponentType<Properties>>,
  instead: ComponentType<Properties> = UnavailablePart,
): LazyExoticComponent<ComponentType<Properties>> {
  // Fetched when the page has nothing better to do, so that it is there without a network, too.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => void load().catch(() => undefined));
  return lazy(async () => ({ default: await load().catch(() => instead) }));
}
