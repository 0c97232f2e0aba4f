import { useEffect, type RefObject } from "react";

const FOCUSABLE = "a[href], [tabindex='0'], :is(button, input, textarea, select):enabled";

/**
 * A box that scrolls while nothing in it takes the focus takes it itself, so that it can be scrolled by keys. Chromium and
 * Firefox do so by themselves; Safari does not. It is decided in the frame that shows the change.
 */
export function useScrollFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const usual = element.getAttribute("tabindex");
    const sizes = new ResizeObserver(() => {
      const isStop = element.scrollHeight > element.clientHeight && element.querySelector(FOCUSABLE) === null;
      const tabindex = isStop ? "0" : usual;
      // Only a change is written: the observer below hears of all that is.
      if (tabindex === element.getAttribute("tabindex")) return;
      if (tabindex === null) element.removeAttribute("tabindex");
      else element.setAttribute("tabindex", tabindex);
    });
    const watch = (): void => {
      sizes.disconnect();
      sizes.observe(element);
      // With their edges and padding: forced colours, for one, draw edges that are not there otherwise.
      for (const part of element.children) sizes.observe(part, { box: "border-box" });
    };
    const contents = new MutationObserver(watch);
    watch();
    contents.observe(element, {
      childList: true,
      subtree: true,
      // What may take the focus is something else then.
      attributeFilter: ["disabled", "href", "tabindex"],
    });
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, [box]);
}
