import { accountEn } from "./messages/account.en";
import { accountEs } from "./messages/account.es";
import { createOwnTexts } from "./ownTexts";

/** The inside of the account menu and the settings: loaded with the first of them. */
export const useAccountTexts = createOwnTexts(accountEn, accountEs);
