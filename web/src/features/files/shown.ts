/** What views ask of a file, whether the server has it or it is on its way. */
import type { Attachment, ConversationItem } from "../../realtime/types";
import type { ShownFile } from "./frame";
import type { TranslateFiles } from "./useFilesTexts";

export { clockOf } from "../../lib/format/duration";
export { sizeOf } from "../../lib/format/fileSize";

export function isSent(file: ShownFile): file is Attachment {
  return "url" in file;
}

/** What a picture shows, in words: its sender's, else from whom it is. */
export function altOf(file: ShownFile, item: Pick<ConversationItem, "sender">, t: TranslateFiles): string {
  if (file.alt) return file.alt;
  return t(file.kind === "video" ? "files.videoFrom" : "files.photoFrom", { name: item.sender.name });
}

/** How many letters before the extension stay in sight, when a name is too long. */
const KEPT_LETTERS = 4;
const MAX_END = 14;

/** A name in two: what may be cut, and the end, which says what it is. Letters are not taken apart. */
export function splitName(name: string): readonly [string, string] {
  const letters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  const dot = letters.lastIndexOf(".");
  const end = dot < 0 ? letters.length : dot;
  const cut = Math.max(0, end - KEPT_LETTERS);
  if (letters.length - cut > MAX_END) return [name, ""];
  return [letters.slice(0, cut).join(""), letters.slice(cut).join("")];
}

/** `PDF`, `DOCX`: by its name, as people know it; empty where that says nothing. */
export function extensionOf(name: string): string {
  return /\.([\p{L}\p{N}]{1,6})$/u.exec(name)?.[1]?.toUpperCase() ?? "";
}
