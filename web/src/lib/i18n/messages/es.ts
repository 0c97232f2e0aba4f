import type { TranslationOf } from "../catalogue";
import { commonEs } from "./common.es";
import { conversationEs } from "./conversation.es";
import { conversationsEs } from "./conversations.es";
import type { en } from "./en";
import { errorsEs } from "./errors.es";
import { notificationsEs } from "./notifications.es";
import { sessionEs } from "./session.es";

export const es: TranslationOf<typeof en> = {
  ...commonEs,
  ...conversationEs,
  ...conversationsEs,
  ...errorsEs,
  ...notificationsEs,
  ...sessionEs,
};
