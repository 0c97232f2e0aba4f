/**
 * What `marks.ts` and `links.ts` may find something in: a mark, the sign of an address, or a digit of a telephone number.
 * All other messages, most of them, are drawn without what they take to load.
 */
const MAY_BE_DRAWN = /[*_~`[•@\d]|:\/\/|www\.|mailto:|^>|^[ \t]*-/im;

/** Whether a text is nothing but words: neither marks nor addresses. */
export function isPlain(text: string): boolean {
  return !MAY_BE_DRAWN.test(text);
}
