import { createElement, lazy, type ComponentType, type LazyExoticComponent } from "react";

import { createLater } from "../lib/useLater";
import { UnavailablePart } from "./UnavailablePart";

/**
 * A part that nobody needs for reading and writing: it is loaded when it is shown first, or when the page has nothing better
 * to do. `instead` is shown until it can be had; without it, a dialog says so. To be rendered within a `Suspense`.
 */
export function lazyPart<Properties extends object>(
  load: () => Promise<ComponentType<Properties>>,
  instead: ComponentType<Properties> = UnavailablePart,
): LazyExoticComponent<ComponentType<Properties>> {
  const later = createLater(load);
  function Awaited(properties: Properties) {
    return createElement(later.use(true).parts ?? instead, properties);
  }
  return lazy(async () => ({ default: await later.load().catch(() => Awaited) }));
}
