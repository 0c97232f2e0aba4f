import { createContext, use } from "react";

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

export function resolveImage(image: string, base: string): string | null {
  if (base === "" || !URL.canParse(image, base)) return base === "" ? image : null;
  return new URL(image, base).href;
}
