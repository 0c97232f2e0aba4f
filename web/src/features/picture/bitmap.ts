/** Pictures as pixels: opened to choose a square of them, and that square written down. */
import { ChatError } from "../../lib/api/chatError";
import { squareOf, type Crop } from "./crop";

/** Larger files are not opened: they would take the page's memory. */
export const MAX_BYTES = 50_000_000;
/** More pixels are not needed for a small square of it, and would take memory as long as the dialog is open. */
const LONGEST_SIDE = 2_560;
/** Of what is sent, in pixels. */
const SIDE = 512;
const QUALITY = 0.85;

/** Upright, as its camera has noted it. Rejects when this browser cannot read it. The caller closes it. */
export async function open(file: Blob): Promise<ImageBitmap> {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = LONGEST_SIDE / Math.max(whole.width, whole.height);
  if (scale >= 1) return whole;
  try {
    const [resizeWidth, resizeHeight] = [sideOf(whole.width * scale), sideOf(whole.height * scale)];
    return await createImageBitmap(whole, { resizeWidth, resizeHeight, resizeQuality: "high" });
  } finally {
    whole.close();
  }
}

/** Draws what a crop shows all over a canvas, on white: what is clear would be black in a JPEG, and lost on a dark page. */
export function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { left, top, side } = squareOf(crop, picture);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** The square as a file of 512 pixels: WebP, or JPEG where the browser writes no WebP. Throws ChatError. */
export async function cut(picture: ImageBitmap, crop: Crop): Promise<Blob> {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  draw(canvas, picture, crop);
  const written = await write(canvas, "image/webp");
  // A browser that does not write this type writes PNG, which is many times as large.
  return written.type === "image/webp" ? written : write(canvas, "image/jpeg");
}

function write(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const settle = (blob: Blob | null): void => {
      if (blob === null) reject(new ChatError("unknown", "The picture could not be written."));
      else resolve(blob);
    };
    canvas.toBlob(settle, type, QUALITY);
  });
}

function sideOf(length: number): number {
  return Math.max(1, Math.round(length));
}
