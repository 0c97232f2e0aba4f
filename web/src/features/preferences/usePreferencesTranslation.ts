import { preferencesEn } from "../../lib/i18n/messages/preferences.en";
import { preferencesEs } from "../../lib/i18n/messages/preferences.es";
import { createOwnTexts, type TranslateOwn } from "../../lib/i18n/ownTexts";

export type TranslatePreferences = TranslateOwn<typeof preferencesEn>;

/** The texts of this screen, which are not in the catalogue that every page loads. */
export const usePreferencesTranslation = createOwnTexts(preferencesEn, preferencesEs);
