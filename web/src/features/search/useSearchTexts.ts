import { searchEn } from "../../lib/i18n/messages/search.en";
import { searchEs } from "../../lib/i18n/messages/search.es";
import { createOwnTexts } from "../../lib/i18n/ownTexts";

/** The texts of this part, which are not in the catalogue that every page loads. */
export const useSearchTexts = createOwnTexts(searchEn, searchEs);
