/**
 * Which square of a picture is shown, as numbers: how far it is enlarged, and where its middle lies. All lengths are in sides
 * of the square, so that they hold on any screen and for what is cut out in the end.
 */
import type { Size } from "../../ui/size";

export interface Crop {
  /** 1: the picture just covers the square. */
  readonly scale: number;
  /** Where the middle of the picture is, from the middle of the square: to the right, and down. */
  readonly x: number;
  readonly y: number;
}

/** A square of a picture, in its pixels. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** The middle of the picture, as much of it as there is room for. */
export const WHOLE: Crop = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 5;

/** Moved by hand; the square stays covered. */
export function moveBy(crop: Crop, x: number, y: number, picture: Size): Crop {
  return within({ ...crop, x: crop.x + x, y: crop.y + y }, picture);
}

/** Enlarged to `scale`; what is at `x`, `y` from the middle of the square stays there, as far as the square is covered. */
export function zoomTo(crop: Crop, scale: number, picture: Size, x = 0, y = 0): Crop {
  const to = Math.min(Math.max(scale, 1), MAX_SCALE);
  const by = to / crop.scale;
  return within({ scale: to, x: x - (x - crop.x) * by, y: y - (y - crop.y) * by }, picture);
}

/** What is cut out. */
export function squareOf({ scale, x, y }: Crop, { width, height }: Size): Square {
  const side = Math.min(width, height) / scale;
  return {
    left: clamp(width / 2 - (x + 0.5) * side, 0, width - side),
    top: clamp(height / 2 - (y + 0.5) * side, 0, height - side),
    side,
  };
}

/** Where the middle of the square is in the picture: 0 is its left or upper edge, 1 the other one. */
export function middleOf(crop: Crop, picture: Size): { readonly across: number; readonly down: number } {
  const { left, top, side } = squareOf(crop, picture);
  return { across: (left + side / 2) / picture.width, down: (top + side / 2) / picture.height };
}

/** A slider from 0 to 1 enlarges by the same share with each step. */
export function scaleAt(part: number): number {
  return MAX_SCALE ** part;
}

export function partAt(scale: number): number {
  return Math.log(scale) / Math.log(MAX_SCALE);
}

function within({ scale, x, y }: Crop, { width, height }: Size): Crop {
  const short = Math.min(width, height);
  const reach = (length: number): number => ((length / short) * scale - 1) / 2;
  const [across, down] = [reach(width), reach(height)];
  return { scale, x: clamp(x, -across, across), y: clamp(y, -down, down) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
