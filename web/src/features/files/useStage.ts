import { useCallback, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import type { Gestures } from "../../ui/useGestures";
import { moveBy, WHOLE, within, zoomBy, type Zoom } from "./zoom";

export interface Stage {
  readonly element: RefObject<HTMLDivElement | null>;
  /** Holds what is shown, and its neighbours at either side. */
  readonly track: RefObject<HTMLDivElement | null>;
  readonly isZoomed: boolean;
  readonly gestures: Gestures;
  /** To a neighbour: -1 or 1. */
  step(by: number): void;
  zoom(by: number): void;
  press(event: KeyboardEvent): void;
}

interface StageOptions {
  readonly count: number;
  readonly index: number;
  go(to: number): void;
  close(): void;
}

const TWICE_SCALE = 2.5;
const KEY_SCALE = 1.5;
const KEY_PX = 80;
/** A drag over this part of the stage leads on; down by so much it closes. */
const ENOUGH = 0.25;
const CLOSE_PX = 110;

/** What is on the stage of a viewer moves by hand and by keys: to its neighbours, larger, and about. */
export function useStage({ count, index, go, close }: StageOptions): Stage {
  const element = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const zoom = useRef<Zoom>(WHOLE);
  const dragged = useRef<Zoom | null>(null);
  const [isZoomed, setIsZoomed] = useState(false);

  const set = useCallback((to: Zoom): void => {
    const box = element.current;
    const picture = box?.querySelector<HTMLElement>("[data-current] .hc-slide__frame");
    if (!box || !picture) return;
    const whole = { width: picture.offsetWidth, height: picture.offsetHeight };
    zoom.current = within(to, whole, { width: box.clientWidth, height: box.clientHeight });
    const { scale, x, y } = zoom.current;
    picture.style.transform = scale === 1 ? "" : `translate(${String(x)}px, ${String(y)}px) scale(${String(scale)})`;
    setIsZoomed(scale > 1);
  }, []);
  const slide = (x: number, y: number, isCalm: boolean): void => {
    if (track.current === null) return;
    track.current.classList.toggle("hc-viewer__track--calm", isCalm);
    track.current.style.transform = x === 0 && y === 0 ? "" : `translate(${String(x)}px, ${String(y)}px)`;
  };
  // Another picture is whole, and in the middle.
  useLayoutEffect(() => {
    zoom.current = WHOLE;
    setIsZoomed(false);
    slide(0, 0, false);
    for (const frame of element.current?.querySelectorAll<HTMLElement>(".hc-slide__frame") ?? []) {
      frame.style.transform = "";
    }
  }, [index]);

  const step = (by: number): void => {
    if (index + by >= 0 && index + by < count) go(index + by);
  };
  const gestures: Gestures = {
    drag: (x, y) => {
      dragged.current ??= zoom.current;
      if (dragged.current.scale > 1) set(moveBy(dragged.current, x, y));
      else if (Math.abs(x) > Math.abs(y)) slide(isEnd(x, index, count) ? x / 3 : x, 0, false);
      else slide(0, Math.max(0, y), false);
    },
    drop: (x, y, isFast) => {
      const wasZoomed = (dragged.current ?? zoom.current).scale > 1;
      dragged.current = null;
      if (wasZoomed) return;
      slide(0, 0, true);
      const width = element.current?.clientWidth ?? 1;
      if (Math.abs(x) > Math.abs(y)) {
        if (Math.abs(x) > width * ENOUGH || isFast) step(x > 0 ? -1 : 1);
      } else if (y > CLOSE_PX) close();
    },
    pinch: (by, x, y) => {
      dragged.current = null;
      set(zoomBy(zoom.current, by, x, y));
    },
    twice: (x, y) => set(zoom.current.scale > 1 ? WHOLE : zoomBy(WHOLE, TWICE_SCALE, x, y)),
  };
  const press = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLVideoElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actOf(event.key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const actOf = (key: string): (() => void) | undefined => {
    const [x, y] = ARROWS[key] ?? [0, 0];
    if (isZoomed && (x !== 0 || y !== 0)) return () => set(moveBy(zoom.current, -x * KEY_PX, -y * KEY_PX));
    if (x !== 0) return () => step(x);
    if (key === "+" || key === "=") return () => set(zoomBy(zoom.current, KEY_SCALE, 0, 0));
    if (key === "-") return () => set(zoomBy(zoom.current, 1 / KEY_SCALE, 0, 0));
    return key === "0" ? () => set(WHOLE) : undefined;
  };
  return { element, track, isZoomed, gestures, step, press, zoom: (by) => set(zoomBy(zoom.current, by, 0, 0)) };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Nothing is at this side. */
function isEnd(x: number, index: number, count: number): boolean {
  return x > 0 ? index === 0 : index === count - 1;
}
