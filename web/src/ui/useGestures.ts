import { useEffect, useRef, type RefObject } from "react";

/** What fingers, a mouse and its wheel do on a stage. Places are from its middle, in pixels. */
export interface Gestures {
  /** Something is dragged, from where it was pressed. */
  drag(x: number, y: number): void;
  /** The drag has ended; `isFast`: it was flung. */
  drop(x: number, y: number, isFast: boolean): void;
  /** Enlarged by so much, about a place. */
  pinch(by: number, x: number, y: number): void;
  /** A place was pressed twice. */
  twice(x: number, y: number): void;
}

interface Finger {
  x: number;
  y: number;
}

const TWICE_MS = 300;
const TWICE_PX = 24;
/** A hand that moves less has pressed a place. */
export const STILL_PX = 6;
const FAST_PX_PER_MS = 0.5;
/** A notch of the wheel is some hundred pixels. */
const WHEEL_RATE = 0.0025;

export function useGestures(stage: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const told = useRef(gestures);
  useEffect(() => {
    told.current = gestures;
  });
  useEffect(() => {
    const element = stage.current;
    return element === null ? undefined : follow(element, told);
  }, [stage]);
}

function follow(element: HTMLElement, told: RefObject<Gestures>): () => void {
  const hands = new Hands(element, told);
  const ends = Object.entries(hands.listeners).map(([name, listener]) => {
    element.addEventListener(name, listener as EventListener, { passive: false });
    return () => element.removeEventListener(name, listener as EventListener);
  });
  return () => {
    for (const end of ends) end();
  };
}

class Hands {
  readonly #element: HTMLElement;
  readonly #told: RefObject<Gestures>;
  readonly #fingers = new Map<number, Finger>();
  #start: (Finger & { readonly at: number }) | null = null;
  #lastTap: (Finger & { readonly at: number }) | null = null;

  readonly listeners = {
    pointerdown: (event: PointerEvent) => this.#press(event),
    pointermove: (event: PointerEvent) => this.#move(event),
    pointerup: (event: PointerEvent) => this.#lift(event),
    pointercancel: (event: PointerEvent) => this.#lift(event),
    wheel: (event: WheelEvent) => {
      event.preventDefault();
      const { x, y } = this.#placeOf(event);
      this.#told.current.pinch(Math.exp(-event.deltaY * WHEEL_RATE), x, y);
    },
  };

  constructor(element: HTMLElement, told: RefObject<Gestures>) {
    this.#element = element;
    this.#told = told;
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest("button, a, video") !== null) return;
    event.preventDefault(); // no picture is dragged out of the page
    this.#element.setPointerCapture(event.pointerId);
    const place = this.#placeOf(event);
    this.#fingers.set(event.pointerId, place);
    this.#start = this.#fingers.size === 1 ? { ...place, at: event.timeStamp } : null;
  }

  #move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) return;
    const place = this.#placeOf(event);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const before = Math.hypot(finger.x - other.x, finger.y - other.y);
      const now = Math.hypot(place.x - other.x, place.y - other.y);
      if (before > 0) this.#told.current.pinch(now / before, (place.x + other.x) / 2, (place.y + other.y) / 2);
    } else if (this.#start !== null) {
      this.#told.current.drag(place.x - this.#start.x, place.y - this.#start.y);
    }
    this.#fingers.set(event.pointerId, place);
  }

  #lift(event: PointerEvent): void {
    if (!this.#fingers.delete(event.pointerId) || this.#start === null) return;
    const start = this.#start;
    this.#start = null;
    const place = this.#placeOf(event);
    const [x, y] = [place.x - start.x, place.y - start.y];
    const isTap = Math.hypot(x, y) < STILL_PX && event.type === "pointerup";
    if (isTap && this.#isSecond(place, event.timeStamp)) {
      this.#lastTap = null;
      this.#told.current.twice(place.x, place.y);
      return;
    }
    this.#lastTap = isTap ? { ...place, at: event.timeStamp } : null;
    const isFast = Math.hypot(x, y) / Math.max(1, event.timeStamp - start.at) > FAST_PX_PER_MS;
    this.#told.current.drop(x, y, isFast);
  }

  #isSecond({ x, y }: Finger, at: number): boolean {
    const last = this.#lastTap;
    return last !== null && at - last.at < TWICE_MS && Math.hypot(x - last.x, y - last.y) < TWICE_PX;
  }

  #placeOf({ clientX, clientY }: MouseEvent): Finger {
    const { left, top, width, height } = this.#element.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }
}
