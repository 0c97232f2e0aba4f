import { useRef, type MouseEvent, type PointerEvent, type ReactNode } from "react";

import { classNames } from "./classNames";
import "./Swipeable.css";

export interface SwipeAction {
  readonly icon: ReactNode;
  readonly label: string;
  run(): void;
}

interface SwipeableProps {
  /** What a swipe to the right does, and one to the left. */
  readonly toRight: SwipeAction;
  readonly toLeft: SwipeAction;
  readonly children: ReactNode;
}

/** From here on it is a swipe, and no tap and no scrolling. */
const BEGIN_PX = 12;
/** From here on letting go does it. */
const ARMED_PX = 84;
const FARTHEST_PX = 128;
/** The edges of the screen are the browser's, for its own way back. */
const EDGE_PX = 24;

/**
 * Something that a finger can push aside, to do what shows beneath. It does nothing for mouse and keyboard, and what shows
 * is silent for screen readers: whoever uses it offers the same in a menu.
 */
export function Swipeable({ toRight, toLeft, children }: SwipeableProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const swipe = useRef<Swipe | null>(null);
  const show = (shift: number): void => {
    const element = frame.current;
    if (element === null) return;
    element.style.setProperty("--hc-swipe", `${shift}px`);
    element.dataset.swipe = directionOf(shift);
    element.toggleAttribute("data-armed", Math.abs(shift) >= ARMED_PX);
  };
  const onPointerDown = (event: PointerEvent): void => {
    swipe.current = begin(event);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const now = swipe.current;
    if (now?.pointerId !== event.pointerId) return;
    const [dx, dy] = [event.clientX - now.x, event.clientY - now.y];
    if (!now.isUnderWay) {
      if (Math.abs(dy) > BEGIN_PX) swipe.current = null;
      if (Math.abs(dx) < BEGIN_PX || Math.abs(dx) < 2 * Math.abs(dy)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      now.isUnderWay = true;
    }
    now.shift = Math.max(-FARTHEST_PX, Math.min(FARTHEST_PX, dx));
    show(now.shift);
  };
  const end = (isMeant: boolean): void => {
    const now = swipe.current;
    swipe.current = null;
    if (now?.isUnderWay !== true) return;
    show(0);
    frame.current?.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => frame.current?.removeEventListener("click", swallow, { capture: true }));
    if (isMeant && Math.abs(now.shift) >= ARMED_PX) (now.shift > 0 ? toRight : toLeft).run();
  };
  return (
    <div
      ref={frame}
      className="hc-swipe"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => end(true)}
      onPointerCancel={() => end(false)}
      onDragStart={(event: MouseEvent) => swipe.current !== null && event.preventDefault()}
    >
      <Beneath action={toRight} side="right" />
      <Beneath action={toLeft} side="left" />
      <div className="hc-swipe__top">{children}</div>
    </div>
  );
}

function Beneath({ action, side }: { readonly action: SwipeAction; readonly side: "left" | "right" }): ReactNode {
  return (
    <div className={classNames("hc-swipe__beneath", `hc-swipe__beneath--${side}`)} aria-hidden="true">
      {action.icon}
      {action.label}
    </div>
  );
}

interface Swipe {
  readonly pointerId: number;
  readonly x: number;
  readonly y: number;
  isUnderWay: boolean;
  shift: number;
}

function begin({ pointerType, isPrimary, pointerId, clientX, clientY }: PointerEvent): Swipe | null {
  const isAtEdge = clientX < EDGE_PX || clientX > window.innerWidth - EDGE_PX;
  if (pointerType !== "touch" || !isPrimary || isAtEdge) return null;
  return { pointerId, x: clientX, y: clientY, isUnderWay: false, shift: 0 };
}

function directionOf(shift: number): string {
  if (shift === 0) return "";
  return shift > 0 ? "right" : "left";
}

/** Letting go after a swipe is no tap. */
function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
