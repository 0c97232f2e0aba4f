/** What previews of a message say of its files, as the server says it of `lastMessage` and of quotes. */
import type { AttachedInShort, Attachment } from "./wire";

export const NO_FILES: AttachedInShort = { attachments: 0, attachmentKind: null, hasCaption: true };

/** Of a message with this content. */
export function inShort(content: string, files: readonly Pick<Attachment, "kind" | "name">[]): AttachedInShort {
  const [first] = files;
  if (first === undefined) return NO_FILES;
  const isOfOneKind = files.every(({ kind }) => kind === first.kind);
  return {
    attachments: files.length,
    attachmentKind: isOfOneKind ? first.kind : "file",
    hasCaption: !isOfNames(content, files.map(({ name }) => name).join(", ")),
  };
}

/** In code points: longer names are cut by the server. */
const MAX_NAMES = 300;

function isOfNames(content: string, names: string): boolean {
  const isCut = names.length > MAX_NAMES && content.endsWith("…") && names.startsWith(content.slice(0, -1));
  return content === names || isCut;
}
