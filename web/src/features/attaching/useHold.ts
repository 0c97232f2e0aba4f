import { useRef, type PointerEvent } from "react";

/** What a finger does with the button. */
export interface HoldActions {
  start(): void;
  /** It was a press, or the finger has slid up: it goes on by itself. */
  lock(): void;
  /** It was let go. */
  release(): void;
  /** It has slid to the side. */
  cancel(): void;
  /** Something else took the pointer: a call, a gesture of the system. */
  interrupt(): void;
  /** For how long there has been something to hear; 0: not yet. */
  elapsedMs(): number;
}

/** Pixels. */
const CANCEL_DISTANCE = 96;
const LOCK_DISTANCE = 72;
/** What is shorter was a press. */
const PRESS_MS = 400;

export interface Hold {
  /** Whether the click that comes now is the end of a hold, and means nothing besides. */
  isClickOfHold(): boolean;
  onPointerDown(event: PointerEvent<HTMLElement>): void;
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  onPointerUp(event: PointerEvent<HTMLElement>): void;
  onPointerCancel(event: PointerEvent<HTMLElement>): void;
}

/**
 * A button that does something for as long as it is held: sliding towards the start of the line cancels, sliding up locks.
 * While it is not `isEnabled` it is a button like others.
 */
export function useHold(isEnabled: boolean, actions: HoldActions): Hold {
  const wasHeld = useRef(false);
  const held = useRef<{ readonly pointerId: number; readonly x: number; readonly y: number } | null>(null);
  const isHeld = ({ pointerId }: PointerEvent): boolean => held.current?.pointerId === pointerId;
  const letGo = (then: () => void): void => {
    held.current = null;
    then();
  };
  return {
    isClickOfHold: () => wasHeld.current,
    onPointerDown: (event) => {
      if (event.button !== 0 || held.current !== null) return;
      wasHeld.current = isEnabled;
      if (!isEnabled) return;
      // The focus stays where it is, and with it the keyboard of a phone.
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current = { pointerId: event.pointerId, x: event.clientX, y: event.clientY };
      actions.start();
    },
    onPointerMove: (event) => {
      if (held.current === null || !isHeld(event)) return;
      const direction = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
      const aside = (held.current.x - event.clientX) * direction;
      const up = held.current.y - event.clientY;
      if (aside > CANCEL_DISTANCE) letGo(actions.cancel);
      else if (up > LOCK_DISTANCE) letGo(actions.lock);
    },
    onPointerUp: (event) => {
      if (!isHeld(event)) return;
      letGo(actions.elapsedMs() < PRESS_MS ? actions.lock : actions.release);
    },
    onPointerCancel: (event) => {
      if (isHeld(event)) letGo(actions.interrupt);
    },
  };
}
