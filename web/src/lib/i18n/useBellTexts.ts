import { bellEn } from "./messages/bell.en";
import { bellEs } from "./messages/bell.es";
import { createOwnTexts } from "./ownTexts";

/** The list behind the bell: loaded with it. */
export const useBellTexts = createOwnTexts(bellEn, bellEs);
