import { commonEn } from "./common.en";
import { conversationEn } from "./conversation.en";
import { conversationsEn } from "./conversations.en";
import { errorsEn } from "./errors.en";
import { notificationsEn } from "./notifications.en";
import { sessionEn } from "./session.en";

/** Every text that a person may see, in English: the catalogue that the others must match. */
export const en = {
  ...commonEn,
  ...conversationEn,
  ...conversationsEn,
  ...errorsEn,
  ...notificationsEn,
  ...sessionEn,
} as const;
