import { drawThumbHash } from "./thumbHash";

const MAX_KNOWN = 300;
const known = new Map<string, string | null>();

/** What stands in for a picture until it is there, as the address of one; null where there is no such thing. */
export function placeholderOf(hash: string | null | undefined): string | null {
  if (!hash) return null;
  let drawn = known.get(hash);
  if (drawn === undefined) {
    drawn = draw(hash);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(hash, drawn);
  }
  return drawn;
}

function draw(hash: string): string | null {
  try {
    const { width, height, rgba } = drawThumbHash(Uint8Array.from(atob(hash), (char) => char.charCodeAt(0)));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    if (context === null) return null;
    const pixels = context.createImageData(width, height);
    pixels.data.set(rgba);
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL();
  } catch {
    return null; // it is no ThumbHash: the colour behind it does
  }
}
