/** Pictures become smaller before they travel: cameras take many more pixels than a conversation shows. */
import type { PickedFile } from "../../realtime/types";
import { encode, fit, type Size, type Target } from "./encode";

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
async function targetOf(file: File): Promise<Target["type"] | null> {
  if (file.type === "image/jpeg" || file.type === "image/heic" || file.type === "image/heif") return "image/jpeg";
  return file.type === "image/webp" && !(await moves(file)) ? "image/webp" : null;
}

async function moves(webp: File): Promise<boolean> {
  const head = new Uint8Array(await webp.slice(0, WEBP_HEAD_BYTES).arrayBuffer());
  const isExtended = String.fromCharCode(...head.slice(12, 16)) === "VP8X";
  return isExtended && ((head[20] ?? 0) & WEBP_MOVES) !== 0;
}

interface Redrawn extends Size {
  readonly blob: Blob | null;
}

/** Decoding, scaling and encoding are the browser's. */
async function redraw(file: File, type: Target["type"]): Promise<Redrawn> {
  const picture = await read(file);
  try {
    const size = fit(picture, LONGEST_SIDE);
    return { ...size, blob: await encode(picture.source, { ...size, type, quality: QUALITY }) };
  } finally {
    picture.source.close();
  }
}

/** Its size is that of the upright picture. */
interface Picture extends Size {
  readonly source: ImageBitmap | VideoFrame;
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

function nameAs(file: File, type: string): string {
  return type === file.type ? file.name : `${file.name.replace(/\.[^.]*$/, "")}.jpg`;
}
