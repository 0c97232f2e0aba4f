import { cut } from "../lib/text/cut";

/**
 * The text of a field after an input, with at most `most` code points. `maxLength` of HTML counts UTF-16 units, and cuts
 * within an emoji of several code points.
 *
 * As with `maxLength`, what is typed or pasted is cut, and not what stands behind it: the field itself is changed, so that
 * the caret stays where it is.
 */
export function limitInput(field: HTMLInputElement | HTMLTextAreaElement, most: number): string {
  const { value } = field;
  const caret = field.selectionEnd ?? value.length;
  const after = value.slice(caret);
  const before = cut(value.slice(0, caret), Math.max(0, most - Array.from(after).length));
  const text = cut(before + after, most);
  if (text !== value) {
    field.value = text;
    field.setSelectionRange(before.length, before.length);
  }
  return text;
}
