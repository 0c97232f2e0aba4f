import { pictureEn } from "../../lib/i18n/messages/picture.en";
import { pictureEs } from "../../lib/i18n/messages/picture.es";
import { createOwnTexts, type TranslateOwn } from "../../lib/i18n/ownTexts";

export type TranslatePicture = TranslateOwn<typeof pictureEn>;

/** The texts of this part, which are not in the catalogue that every page loads. */
export const usePictureTexts = createOwnTexts(pictureEn, pictureEs);
