import { useEffect, type RefObject } from "react";

const FOCUSABLE = "a[href], button, input, textarea, select, [tabindex='0']";

/**
 * A box that scrolls while nothing in it takes the focus takes it itself, so that it can be scrolled by keys. Chromium and
 * Firefox do so by themselves; Safari does not.
 */
export function useScrollFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const usual = element.getAttribute("tabindex");
    const sizes = new ResizeObserver(() => {
      const isStop = element.scrollHeight > element.clientHeight && element.querySelector(FOCUSABLE) === null;
      if (isStop) element.tabIndex = 0;
      else if (usual === null) element.removeAttribute("tabindex");
      else element.setAttribute("tabindex", usual);
    });
    const watch = (): void => {
      sizes.disconnect();
      for (const part of [element, ...element.children]) sizes.observe(part);
    };
    const contents = new MutationObserver(watch);
    watch();
    contents.observe(element, { childList: true, subtree: true });
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, [box]);
}
