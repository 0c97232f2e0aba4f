import { signInEn } from "./messages/signIn.en";
import { signInEs } from "./messages/signIn.es";
import { createOwnTexts } from "./ownTexts";

/** The ways to sign in: nobody needs them who is signed in. */
export const useSignInTexts = createOwnTexts(signInEn, signInEs);
