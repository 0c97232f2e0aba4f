/** Finds code in a message: what stands between back-ticks, and blocks between lines of three. Nothing else is marked up. */

export interface CodeSegment {
  readonly kind: "text" | "code" | "block";
  readonly text: string;
}

const FENCE_OPENS = /^```[^`]*$/;
const FENCE_CLOSES = /^```\s*$/;
/** In one line, and not within a word, where a back-tick is somebody's apostrophe. */
const INLINE = /(?<![`\p{L}\p{N}])(`{1,2})(?![`\s])([^\n]*?[^\s`])\1(?![`\p{L}\p{N}])/gu;

/** `text` in stretches; of code, without its back-ticks. A block that is not closed is plain text. */
export function splitCode(text: string): readonly CodeSegment[] {
  if (!text.includes("`")) return text === "" ? [] : [{ kind: "text", text }];
  const segments: CodeSegment[] = [];
  const lines = text.split("\n");
  let plain: string[] = [];
  const endPlain = (): void => {
    if (plain.length > 0) segments.push(...splitInline(plain.join("\n")));
    plain = [];
  };
  let lastClose = lines.length;
  while (lastClose > 0 && !FENCE_CLOSES.test(lines[lastClose - 1] ?? "")) lastClose -= 1;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (index >= lastClose - 1 || !FENCE_OPENS.test(line)) {
      plain.push(line);
      continue;
    }
    let close = index + 1;
    while (!FENCE_CLOSES.test(lines[close] ?? "")) close += 1;
    endPlain();
    segments.push({ kind: "block", text: lines.slice(index + 1, close).join("\n") });
    index = close;
  }
  endPlain();
  return segments;
}

function splitInline(text: string): readonly CodeSegment[] {
  const segments: CodeSegment[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) segments.push({ kind: "text", text: text.slice(end, match.index) });
    segments.push({ kind: "code", text: match[2] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push({ kind: "text", text: text.slice(end) });
  return segments;
}
