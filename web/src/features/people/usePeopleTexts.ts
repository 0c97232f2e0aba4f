import { peopleEn } from "../../lib/i18n/messages/people.en";
import { peopleEs } from "../../lib/i18n/messages/people.es";
import { createOwnTexts, type TranslateOwn } from "../../lib/i18n/ownTexts";

export type TranslatePeople = TranslateOwn<typeof peopleEn>;

/** The texts of this part, which are not in the catalogue that every page loads. */
export const usePeopleTexts = createOwnTexts(peopleEn, peopleEs);
