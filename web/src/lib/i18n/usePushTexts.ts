import { pushEn } from "./messages/push.en";
import { pushEs } from "./messages/push.es";
import { createOwnTexts } from "./ownTexts";

/** What is said of notifications of this device, in its page. */
export const usePushTexts = createOwnTexts(pushEn, pushEs);
