import { useLayoutEffect, useRef, type ReactNode } from "react";

import { MenuList } from "./MenuList";

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface PointMenuProps {
  readonly label: string;
  /** Where it was asked for, in pixels of the window. */
  readonly at: Point;
  onClose(): void;
  /** `close` gives focus back to where it was. */
  children(close: () => void): ReactNode;
}

const MARGIN_PX = 8;

/** The menu of something that was clicked with the right button, pressed long, or asked for by the menu key. */
export function PointMenu({ label, at, onClose, children }: PointMenuProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  useLayoutEffect(() => {
    before.current = document.activeElement;
    const element = list.current;
    if (element === null) return;
    element.setAttribute("popover", "manual");
    element.showPopover();
    const place = (): void => {
      element.style.left = `${fit(at.x, element.offsetWidth, window.innerWidth)}px`;
      element.style.top = `${fit(at.y, element.offsetHeight, window.innerHeight)}px`;
    };
    place();
    // A phone that is turned, or text that grows, must not leave it beyond the edge.
    window.addEventListener("resize", place);
    return () => window.removeEventListener("resize", place);
  }, [at]);
  const close = (): void => {
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    onClose();
  };
  return (
    <MenuList ref={list} label={label} className="hc-menu__list--at" onClose={close} onLeave={onClose}>
      {children(close)}
    </MenuList>
  );
}

function fit(start: number, length: number, room: number): number {
  return Math.max(MARGIN_PX, Math.min(start, room - length - MARGIN_PX));
}
