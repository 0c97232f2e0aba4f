/** How a picture lies in its stage: enlarged about its middle, and moved. Without anything of the page. */
import type { Size } from "../../ui/size";

export interface Zoom {
  readonly scale: number;
  /** From the middle of the stage, in pixels. */
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
const MAX_SCALE = 6;
/** What is nearly whole is whole. */
const SNAP = 1.02;

/** Enlarged `by` so much, where the point at `x`, `y` from the middle stays in its place. */
export function zoomBy(zoom: Zoom, by: number, x: number, y: number): Zoom {
  const scale = Math.min(Math.max(zoom.scale * by, 1), MAX_SCALE);
  if (scale < SNAP) return WHOLE;
  const real = scale / zoom.scale;
  return { scale, x: x - (x - zoom.x) * real, y: y - (y - zoom.y) * real };
}

export function moveBy(zoom: Zoom, x: number, y: number): Zoom {
  return { ...zoom, x: zoom.x + x, y: zoom.y + y };
}

/** Nothing of the stage is empty where the picture reaches beyond it. `picture` is its size when it is whole. */
export function within(zoom: Zoom, picture: Size, stage: Size): Zoom {
  const reach = (length: number, room: number): number => Math.max(0, (length * zoom.scale - room) / 2);
  const [across, down] = [reach(picture.width, stage.width), reach(picture.height, stage.height)];
  return { ...zoom, x: clamp(zoom.x, across), y: clamp(zoom.y, down) };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, -most), most);
}
