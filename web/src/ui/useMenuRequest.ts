import { useRef, type KeyboardEvent, type MouseEvent, type PointerEvent } from "react";

import type { Point } from "./PointMenu";

const LONG_MS = 500;
const MOVED_PX = 10;

interface MenuRequestProps {
  onContextMenu(event: MouseEvent): void;
  onKeyDown(event: KeyboardEvent): void;
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(): void;
  onPointerCancel(): void;
  onClickCapture(event: MouseEvent): void;
}

interface Press {
  readonly at: Point;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * For an element that has a menu: the right button, the menu key, Shift and F10, and a finger that rests on it ask for it.
 * Not every browser tells of the last as of the first.
 */
export function useMenuRequest(ask: (at: Point) => void): MenuRequestProps {
  const press = useRef<Press | null>(null);
  /** The finger that has asked for the menu is still there: to lift it is no tap. */
  const isHeld = useRef(false);
  const forget = (): void => {
    if (press.current !== null) clearTimeout(press.current.timer);
    press.current = null;
  };
  return {
    onContextMenu: (event) => {
      event.preventDefault();
      const isFinger = press.current !== null;
      forget();
      if (isHeld.current) return;
      isHeld.current = isFinger;
      const { clientX, clientY } = event;
      ask(clientX === 0 && clientY === 0 ? middleOf(event.currentTarget) : { x: clientX, y: clientY });
    },
    onKeyDown: (event) => {
      if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
      event.preventDefault();
      ask(middleOf(event.currentTarget));
    },
    onPointerDown: (event) => {
      forget();
      isHeld.current = false;
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      const at = { x: event.clientX, y: event.clientY };
      const timer = setTimeout(() => {
        press.current = null;
        isHeld.current = true;
        ask(at);
      }, LONG_MS);
      press.current = { at, timer };
    },
    onPointerMove: (event) => {
      const at = press.current?.at;
      if (at && Math.hypot(event.clientX - at.x, event.clientY - at.y) > MOVED_PX) forget();
    },
    onPointerUp: forget,
    onPointerCancel: forget,
    onClickCapture: (event) => {
      if (!isHeld.current) return;
      isHeld.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

function middleOf(element: Element): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
