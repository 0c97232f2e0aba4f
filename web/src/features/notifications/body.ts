import type { Translate } from "../../lib/i18n/translate";
import type { NotificationRecord } from "../../realtime/types";

/** How the server puts it, which knows one language. */
const grown = /^(\d+) new messages$/;

/**
 * What a notification says below its title. A conversation's grows with what is unread in its room: “3 new messages”,
 * in the language of the page.
 */
export function bodyOf({ type, body, read }: NotificationRecord, unreadCount: number, t: Translate): string {
  if (type !== "chat_message") return body;
  const told = Number(grown.exec(body)?.[1] ?? 0);
  const count = read ? told : unreadCount;
  return count > 1 ? t("bell.newMessages", { count }) : body;
}
