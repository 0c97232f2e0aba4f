import { actingEn } from "../../lib/i18n/messages/acting.en";
import { actingEs } from "../../lib/i18n/messages/acting.es";
import { createOwnTexts } from "../../lib/i18n/ownTexts";

/** The texts of this part, which are not in the catalogue that every page loads. */
export const useActingTexts = createOwnTexts(actingEn, actingEs);
