import { roomsEn } from "./messages/rooms.en";
import { roomsEs } from "./messages/rooms.es";
import { createOwnTexts, type TranslateOwn } from "./ownTexts";

export type TranslateRooms = TranslateOwn<typeof roomsEn>;

/** The texts of dialogs and panels about people and groups, which are not in the catalogue that every page loads. */
export const useRoomsTranslation = createOwnTexts(roomsEn, roomsEs);
