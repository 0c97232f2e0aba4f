import type { Translate } from "../../lib/i18n/translate";
import type { NotificationRecord } from "../../realtime/types";

/**
 * What a notification says below its title. A conversation's grows with what is unread in its room: “3 new messages”,
 * in the language of the page. Of one that was read, the number is what it was.
 */
export function bodyOf({ type, body, data, read }: NotificationRecord, unreadCount: number, t: Translate): string {
  if (type !== "chat_message") return body;
  const told = typeof data.unreadCount === "number" ? data.unreadCount : 0;
  const count = read ? told : unreadCount;
  return count > 1 ? t("bell.newMessages", { count }) : body;
}
