/**
 * One cleaning of what people type or paste. What cannot be shown is taken out or becomes a line break; what shows nothing
 * is no message. The server cleans by the same rules (`src/hyred_chat/text`), and both are tried with
 * `tests/tables/cleaning.json`.
 */

/**
 * ECMA-48: control sequences (colours, cursors), command strings (titles, links) with their end, and escapes of two or
 * three characters. A control sequence may have been cut off. Behind another character of Latin-1's upper half, an
 * introducer is a byte of UTF-8 that was decoded wrongly (“mÄ\u009bsto”), and what follows it is text.
 */
const ESCAPE_SEQUENCE =
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  /(?:\x1b\[|(?<![\x80-\xff])\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[PX\]^_]|(?<![\x80-\xff])[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]?/g;
// eslint-disable-next-line no-control-regex -- these are what is replaced
const LINE_BREAK = /\r\n?|[\x0b\x0c\x85\u2028\u2029]/g;
/**
 * Control characters, deprecated and annotating ones, halves of surrogate pairs, noncharacters. Tags are kept where they
 * make an emoji a flag.
 */
const NEVER_SHOWN =
  // eslint-disable-next-line no-control-regex -- as above
  /[\x00-\x08\x0e-\x1f\x7f-\x9f\u206a-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff\p{Noncharacter_Code_Point}\u{e0000}-\u{e001f}]|(?<![\u{1f3f4}\u{e0020}-\u{e007e}])[\u{e0020}-\u{e007f}]+/gu;
/** What shows by itself: no white space, nothing that is ignored by default, no blank. */
const SHOWN = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800\u{13430}-\u{1343f}\u{1d159}]/u;
const TRIMMED = /[\p{White_Space}\u200b\u2060]/u;

/** `text` without what cannot be shown, trimmed, its line breaks line feeds. Empty when it shows nothing. */
export function clean(text: string): string {
  const shown = text.replace(ESCAPE_SEQUENCE, "").replace(LINE_BREAK, "\n").replace(NEVER_SHOWN, "");
  return SHOWN.test(shown) ? trim(shown) : "";
}

/** By hand: a pattern for the end of a text looks at each run of spaces in it from each of its spaces on. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && TRIMMED.test(text.charAt(start))) start += 1;
  while (end > start && TRIMMED.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
