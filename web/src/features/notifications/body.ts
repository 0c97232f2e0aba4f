import type { Translate } from "../../lib/i18n/translate";
import type { AttachedInShort, NotificationRecord } from "../../realtime/types";
import { filesAloud, filesInWords } from "../files";

/**
 * What a notification says below its title: the server's own words in the language of the page, files as they are in the
 * list of conversations, all others as they are.
 */
export function bodyOf({ type, body, data }: NotificationRecord, t: Translate): string {
  if (type !== "chat_message") return body;
  const files = hasFiles(data) ? filesInWords(data, body, t) : null;
  if (files !== null) return filesAloud(files);
  if (data.messageType === "image") return t("bell.picture");
  return data.messageType === "file" ? t("bell.file") : body;
}

/** Those of servers of before say nothing of files. */
function hasFiles(data: NotificationRecord["data"]): data is NotificationRecord["data"] & AttachedInShort {
  return typeof data.attachments === "number" && typeof data.attachmentKind === "string";
}
