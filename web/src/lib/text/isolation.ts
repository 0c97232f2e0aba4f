/**
 * One isolation of names and texts: whatever stands in a sentence cannot turn round what stands beside it (UAX #9). The
 * server isolates by the same rules (`src/hyred_chat/text`), and both are tried with `tests/tables/isolation.json`.
 */

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";
const ISOLATES = /[\u2066-\u2069]/g;
/** Letters of scripts that are written from right to left, and the controls that change direction. */
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** `text` as it may stand beside other text: within an isolate of its own when it could turn that round. */
export function isolate(text: string): string {
  if (!TURNS.test(text)) return text;
  const balanced = balance(text);
  return TURNS.test(balanced) ? `${FIRST_STRONG_ISOLATE}${balanced}${POP_ISOLATE}` : balanced;
}

/**
 * The direction of a line that `isolate` has helped to make: that of its first letter outside of what is isolated. The
 * attribute `dir="auto"` would ask the first letter of all.
 */
export function directionOf(line: string): "ltr" | "rtl" {
  let depth = 0;
  for (const character of line) {
    if (character === POP_ISOLATE) depth = Math.max(depth - 1, 0);
    else if (/[\u2066-\u2068]/.test(character)) depth += 1;
    else if (depth === 0 && /\p{L}/u.test(character)) return RIGHT_TO_LEFT.test(character) ? "rtl" : "ltr";
  }
  return "ltr";
}

/** Every isolate in `text` ends within it, and nothing ends that began before. Embeddings end with their isolate. */
function balance(text: string): string {
  let depth = 0;
  const balanced = text.replace(ISOLATES, (control) => {
    if (control === POP_ISOLATE && depth === 0) return "";
    depth += control === POP_ISOLATE ? -1 : 1;
    return control;
  });
  return balanced + POP_ISOLATE.repeat(depth);
}
