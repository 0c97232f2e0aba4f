import { graphemes } from "./emoji";

/**
 * The first `most` code points of a text, without the character that these would end in the middle of, such as an emoji of
 * several code points. A character that is longer by itself is cut, as are all where the browser does not know them.
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const { length } = Array.from(text).slice(0, most).join("");
  const end = graphemes?.segment(text).containing(length)?.index ?? length;
  return text.slice(0, end > 0 ? end : length);
}
