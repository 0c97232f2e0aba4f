/** Tells messages that are nothing but a few emoji, which are drawn large. */

/** More than these are a row of pictures rather than a gesture. */
const MAX_LARGE_EMOJI = 6;
/** The longest emoji (a family with skin tones, a flag of a region) has fewer UTF-16 units than this. */
const MAX_UNITS_PER_EMOJI = 32;

/**
 * One grapheme that is drawn as a picture: a flag, a keycap, or a pictograph which is one by default, or by what follows
 * it (a variation selector, a skin tone, a joiner). Digits, © and ™ by themselves are text.
 */
const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?!\p{Regional_Indicator})(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=[\uFE0F\u200D\p{Emoji_Modifier}]))[\uFE0F\u200D\p{Emoji_Modifier}\p{Extended_Pictographic}\u{E0020}-\u{E007F}]*)$/u;

/** Tells what people see as characters; null where the browser cannot. */
export const graphemes =
  typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/** Whether `text` holds one to six emoji, white space, and nothing else. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replace(/\s+/g, "");
  if (graphemes === null || bare === "" || bare.length > MAX_LARGE_EMOJI * MAX_UNITS_PER_EMOJI) return false;
  let count = 0;
  for (const { segment } of graphemes.segment(bare)) {
    count += 1;
    if (count > MAX_LARGE_EMOJI || !EMOJI.test(segment)) return false;
  }
  return true;
}
