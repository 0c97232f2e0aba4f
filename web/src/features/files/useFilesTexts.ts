import { filesEn } from "../../lib/i18n/messages/files.en";
import { filesEs } from "../../lib/i18n/messages/files.es";
import { createOwnTexts, type TranslateOwn } from "../../lib/i18n/ownTexts";

export type TranslateFiles = TranslateOwn<typeof filesEn>;

/** The texts of this part, which are not in the catalogue that every page loads. */
export const useFilesTexts = createOwnTexts(filesEn, filesEs);
