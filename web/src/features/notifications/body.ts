import type { Translate } from "../../lib/i18n/translate";
import type { NotificationRecord } from "../../realtime/types";

/** What a notification says below its title: the server's own words in the language of the page, all others as they are. */
export function bodyOf({ type, body, data }: NotificationRecord, t: Translate): string {
  if (type !== "chat_message") return body;
  if (data.messageType === "image") return t("bell.picture");
  return data.messageType === "file" ? t("bell.file") : body;
}
