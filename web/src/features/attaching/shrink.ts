/** Pictures become smaller before they travel: cameras take many more pixels than a conversation shows. */
import type { PickedFile } from "../../realtime/types";

/** Pixels. */
const LONGEST_SIDE = 2_048;
const QUALITY = 0.85;
/** Another encoding costs a little of what can be seen; for less than this share of the bytes it is not worth it. */
const WORTHWHILE = 0.9;
/** A WebP says in its first bytes whether it moves. */
const WEBP_HEAD_BYTES = 21;
const WEBP_MOVES = 0x02;

/**
 * A photograph as it is to be sent; null where it is best as it is: it is no photograph, it moves, it is small already, or this
 * browser cannot read it. Drawings and pictures of screens (PNG, GIF, SVG) lose more than they gain.
 */
export async function shrink(file: File): Promise<PickedFile | null> {
  const type = await targetOf(file);
  if (type === null) return null;
  try {
    const { blob, width, height } = await redraw(file, type);
    // A browser that does not write this type writes another one.
    if (blob?.type !== type || blob.size > file.size * WORTHWHILE) return null;
    return { blob, width, height, name: nameAs(file, type) };
  } catch {
    return null;
  }
}

/** As which type it is written anew. */
async function targetOf(file: File): Promise<"image/jpeg" | "image/webp" | null> {
  if (file.type === "image/jpeg" || file.type === "image/heic" || file.type === "image/heif") return "image/jpeg";
  return file.type === "image/webp" && !(await moves(file)) ? "image/webp" : null;
}

async function moves(webp: File): Promise<boolean> {
  const head = new Uint8Array(await webp.slice(0, WEBP_HEAD_BYTES).arrayBuffer());
  const isExtended = String.fromCharCode(...head.slice(12, 16)) === "VP8X";
  return isExtended && ((head[20] ?? 0) & WEBP_MOVES) !== 0;
}

interface Redrawn {
  readonly blob: Blob | null;
  readonly width: number;
  readonly height: number;
}

/** Decoding, scaling and encoding are the browser's, beside the page's own thread where it has a canvas for that. */
async function redraw(file: File, type: string): Promise<Redrawn> {
  const picture = await read(file);
  try {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    return { blob: await encode(picture.source, { width, height, type }), width, height };
  } finally {
    picture.source.close();
  }
}

interface Picture {
  readonly source: ImageBitmap | VideoFrame;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** At least as large as it is to be: a decoder of JPEG that is told how large that is leaves out most of the work. */
async function read(file: File): Promise<Picture> {
  // Where frames say how they are turned, they are drawn upright.
  const isQuick = file.type === "image/jpeg" && "ImageDecoder" in globalThis && "rotation" in VideoFrame.prototype;
  const quick = isQuick ? await readSmall(file).catch(() => null) : null;
  if (quick !== null) return quick;
  const source = await createImageBitmap(file);
  return { source, width: source.width, height: source.height };
}

async function readSmall(file: File): Promise<Picture> {
  const [desiredWidth, desiredHeight] = [LONGEST_SIDE, LONGEST_SIDE];
  const decoder = new ImageDecoder({ type: file.type, data: file.stream(), desiredWidth, desiredHeight });
  try {
    const { image } = await decoder.decode();
    return { source: image, width: image.displayWidth, height: image.displayHeight };
  } finally {
    decoder.close();
  }
}

interface Target {
  readonly width: number;
  readonly height: number;
  readonly type: string;
}

async function encode(picture: CanvasImageSource, { width, height, type }: Target): Promise<Blob | null> {
  if ("OffscreenCanvas" in globalThis) {
    const canvas = new OffscreenCanvas(width, height);
    draw(canvas.getContext("2d"), picture, canvas);
    return canvas.convertToBlob({ type, quality: QUALITY });
  }
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  draw(canvas.getContext("2d"), picture, canvas);
  return new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
}

function draw(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null,
  picture: CanvasImageSource,
  { width, height }: Pick<Target, "width" | "height">,
): void {
  if (context === null) return;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
}

function nameAs(file: File, type: string): string {
  return type === file.type ? file.name : `${file.name.replace(/\.[^.]*$/, "")}.jpg`;
}
