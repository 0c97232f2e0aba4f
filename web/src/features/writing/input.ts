/** The composer's input and its drafts. */
import { ownKeys } from "../../lib/ownKeys";
import { isShortcut } from "../../lib/shortcuts";
import { continueLine, isInBlock, makeLink, replaceSelected, type Draft } from "./draft";
import { isAddress, marksOf } from "./pasted";
import { toolOfKeys } from "./tools";

export function readDraft({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Draft {
  return { text: value, start: selectionStart, end: selectionEnd };
}

/**
 * Writes what differs as if somebody had typed it: the browser's own undo takes it back. For this there is only
 * `execCommand`, which is deprecated and which every browser has.
 */
export function writeDraft(input: HTMLTextAreaElement, { text, start, end }: Draft): void {
  const before = input.value;
  const most = Math.min(before.length, text.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === text.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  const insert = text.slice(head, text.length - tail);
  input.focus({ preventScroll: true });
  if (text !== before) {
    input.setSelectionRange(head, before.length - tail);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
    const isDone = insert === "" ? document.execCommand("delete") : document.execCommand("insertText", false, insert);
    if (!isDone) {
      input.setRangeText(insert, head, before.length - tail);
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }
  input.setSelectionRange(start, end);
}

/** Shortcuts, paste, and new lines of lists and quotes. The answer ends that. */
export function attachTools(input: HTMLTextAreaElement): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let isPlainPaste = false;
  const write = (event: Event, next: Draft | null): void => {
    if (next === null) return;
    event.preventDefault();
    writeDraft(input, next);
  };
  const onKeyDown = ownKeys((event: KeyboardEvent): void => {
    isPlainPaste = isShortcut(event, "v", true);
    const tool = toolOfKeys(event);
    if (tool !== undefined) write(event, tool.use(readDraft(input)));
  });
  input.addEventListener("keydown", onKeyDown, { signal });
  input.addEventListener(
    "paste",
    (event) => isPlainPaste || write(event, paste(readDraft(input), event.clipboardData)),
    {
      signal,
    },
  );
  input.addEventListener(
    "beforeinput",
    (event) => {
      if (event.inputType === "insertLineBreak" && !event.isComposing) write(event, continueLine(readDraft(input)));
    },
    { signal },
  );
  return () => listening.abort();
}

/** An address makes a link of what is selected; a part of a page keeps what has marks. Null: as the browser pastes it. */
function paste(draft: Draft, data: DataTransfer | null): Draft | null {
  if (data === null || isInBlock(draft)) return null;
  const address = data.getData("text/plain").trim();
  const selected = draft.text.slice(draft.start, draft.end);
  if (/^[^\n[\]]*\S[^\n[\]]*$/.test(selected) && isAddress(address) && !isAddress(selected))
    return makeLink(draft, address);
  const marks = marksOf(data.getData("text/html"));
  return marks === null ? null : replaceSelected(draft, marks);
}
