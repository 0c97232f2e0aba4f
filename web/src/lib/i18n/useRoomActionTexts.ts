import { roomActionsEn } from "./messages/roomActions.en";
import { roomActionsEs } from "./messages/roomActions.es";
import { createOwnTexts } from "./ownTexts";

/** What can be done with a conversation as a whole: loaded with the first menu. */
export const useRoomActionTexts = createOwnTexts(roomActionsEn, roomActionsEs);
