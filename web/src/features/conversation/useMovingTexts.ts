import { movingEn } from "../../lib/i18n/messages/moving.en";
import { movingEs } from "../../lib/i18n/messages/moving.es";
import { createOwnTexts } from "../../lib/i18n/ownTexts";

/** The texts of this part, which are not in the catalogue that every page loads. */
export const useMovingTexts = createOwnTexts(movingEn, movingEs);
