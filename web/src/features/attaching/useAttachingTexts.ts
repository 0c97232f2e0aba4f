import { attachingEn } from "../../lib/i18n/messages/attaching.en";
import { attachingEs } from "../../lib/i18n/messages/attaching.es";
import { createOwnTexts, type TranslateOwn } from "../../lib/i18n/ownTexts";

/** The texts of this part, which are not in the catalogue that every page loads. */
export const useAttachingTexts = createOwnTexts(attachingEn, attachingEs);

export type AttachingTexts = TranslateOwn<typeof attachingEn>;
