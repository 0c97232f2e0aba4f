import { errorsEn } from "./messages/errors.en";
import type { Translate } from "./translate";

type ErrorKey = keyof typeof errorsEn;

/** Why something failed, in the language of the page: the code decides. A code of a newer server is said in general words. */
export function describeError({ code }: { readonly code: string }, t: Translate): string {
  const key = `error.${code}`;
  return t(isKnown(key) ? key : "error.unknown");
}

function isKnown(key: string): key is ErrorKey {
  return Object.hasOwn(errorsEn, key);
}
