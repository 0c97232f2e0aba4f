/** Lengths as the server counts them: by code points, so that an emoji of two UTF-16 units is one character. */

export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    const isPair = (text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
    if (isPair) count -= 1;
  }
  return count;
}
