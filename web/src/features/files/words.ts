import type { Translate } from "../../lib/i18n/translate";
import { isolate } from "../../lib/text/isolation";
import { inShort } from "../../realtime/attached";
import type { AttachedInShort, AttachmentKind, Message } from "../../realtime/types";

/** What the files of a message are, for a line that has no room to show them. */
export interface FilesInWords {
  readonly kind: AttachmentKind;
  /** “Photo”, “3 voice messages”. */
  readonly label: string;
  /** What stands beside the icon: what was written with them, else what they are, or what a document is called. */
  readonly text: string;
}

const NAMED: ReadonlySet<AttachmentKind> = new Set(["pdf", "file", "audio"]);

/** The files in short; null without any. `content` is what the message says, in words alone. */
export function filesInWords(
  { attachments, attachmentKind, hasCaption }: AttachedInShort,
  content: string,
  t: Translate,
): FilesInWords | null {
  if (attachments === 0) return null;
  const kind = attachmentKind ?? "file";
  const label = t(`files.${kind}`, { count: attachments });
  // Where nothing was written, the content is what they are called.
  const isNamed = attachments === 1 && NAMED.has(kind) && content !== "";
  const text = hasCaption ? content : isNamed ? isolate(content) : label;
  return { kind, label, text };
}

/** The same for somebody who does not see an icon. */
export function filesAloud(words: FilesInWords): string {
  return words.text === words.label ? words.text : `${words.label}: ${words.text}`;
}

/** What a message says, in one line without icons. `content` is its text in words alone. */
export function textWithFiles(
  message: Pick<Message, "content" | "attachments">,
  content: string,
  t: Translate,
): string {
  const files = filesInWords(inShort(message.content, message.attachments), content, t);
  return files === null ? content : filesAloud(files);
}
