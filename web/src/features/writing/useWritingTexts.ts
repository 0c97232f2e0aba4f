import { writingEn } from "../../lib/i18n/messages/writing.en";
import { writingEs } from "../../lib/i18n/messages/writing.es";
import { createOwnTexts } from "../../lib/i18n/ownTexts";

/** The texts of this part, which are not in the catalogue that every page loads. */
export const useWritingTexts = createOwnTexts(writingEn, writingEs);
