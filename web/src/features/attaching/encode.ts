/** Pixels that are written down as a file. */

export interface Size {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Target extends Size {
  readonly type: "image/jpeg" | "image/webp";
  /** From 0 to 1. */
  readonly quality: number;
}

/** As large as it is, or with `longest` as its longest side. */
export function fit({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * What is shown at this moment, in another size: beside the page's own thread where the browser has a canvas for that. A
 * browser that does not write this type writes another one; null where it writes nothing.
 */
export async function encode(picture: CanvasImageSource, target: Target): Promise<Blob | null> {
  const { width, height, type, quality } = target;
  if ("OffscreenCanvas" in globalThis) {
    const canvas = new OffscreenCanvas(width, height);
    if (!(await place(picture, canvas))) draw(canvas.getContext("2d"), picture, target);
    return canvas.convertToBlob({ type, quality });
  }
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  draw(canvas.getContext("2d"), picture, target);
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

/** How a frame is to be turned: TypeScript does not know it yet. */
interface Turned {
  readonly rotation?: number;
  readonly flip?: boolean;
}

/** Whether a frame was put into the canvas as it is. Drawing takes a third as long as decoding, and not all need it. */
async function place(picture: CanvasImageSource, canvas: OffscreenCanvas): Promise<boolean> {
  if (!("VideoFrame" in globalThis && picture instanceof VideoFrame)) return false;
  const { displayWidth, displayHeight, rotation, flip = false } = picture as VideoFrame & Turned;
  if (rotation !== 0 || flip || displayWidth !== canvas.width || displayHeight !== canvas.height) return false;
  const bitmap = await createImageBitmap(picture);
  const renderer = canvas.getContext("bitmaprenderer");
  renderer?.transferFromImageBitmap(bitmap);
  return renderer !== null;
}

function draw(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null,
  picture: CanvasImageSource,
  { width, height }: Size,
): void {
  if (context === null) return;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
}
