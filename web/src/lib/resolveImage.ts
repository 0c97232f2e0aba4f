/**
 * The full address of a picture at `base`, an origin; with an empty one, as it is: it is the page's own. Null when the address
 * cannot be one.
 */
export function resolveImage(image: string, base: string): string | null {
  if (base === "" || !URL.canParse(image, base)) return base === "" ? image : null;
  return new URL(image, base).href;
}
