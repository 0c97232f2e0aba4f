import { createContext, use } from "react";

import { resolveImage } from "../lib/resolveImage";

/** The origin that pictures named by a path belong to; empty for the page's own. */
export const ImageBaseContext = createContext("");

/**
 * The full address of a picture. The server may name its own pictures by a path, which on a host's page would lead to
 * the host. Null when the address cannot be one.
 */
export function useImageAddress(image: string | null): string | null {
  const base = use(ImageBaseContext);
  return image === null ? null : resolveImage(image, base);
}

/**
 * Told of each picture of the server's own, whose address ends: that it was loaded, or could not be. In the latter case,
 * answers with another address of it, or null; a new one of the server may come by itself. Never rejects.
 */
export type TellOfPicture = (image: string, hasLoaded: boolean) => Promise<string | null>;

export const PictureContext = createContext<TellOfPicture>(() => Promise.resolve(null));

/** A picture by whatever address: those of the server's own end, and say until when. */
export function pictureAt(address: string | null): string | undefined {
  return address?.replace(/\?user=.*&signature=.*/, "");
}
