/** Where on the screen a menu is to stand, and where it fits. All in CSS pixels of the window. */
import type { Size } from "../../ui/size";

export interface Anchor {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const MARGIN_PX = 8;

export function anchorOf(element: Element): Anchor {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left, top, right, bottom };
}

/** Below the anchor, else above it, else as high as the window lets it; from its left edge on, as far as that fits. */
export function placeAt(anchor: Anchor, size: Size, window: Size): { readonly left: number; readonly top: number } {
  const mostLeft = window.width - size.width - MARGIN_PX;
  const left = Math.max(MARGIN_PX, Math.min(anchor.left, mostLeft));
  const below = anchor.bottom + MARGIN_PX / 2;
  const above = anchor.top - MARGIN_PX / 2 - size.height;
  const mostTop = window.height - size.height - MARGIN_PX;
  if (below <= mostTop) return { left, top: below };
  return { left, top: above >= MARGIN_PX ? above : Math.max(MARGIN_PX, mostTop) };
}
