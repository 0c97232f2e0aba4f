import { offlineError } from "../../lib/api/chatError";

/** The way to Firebase, which the first load does without. Throws ChatError `offline` when it cannot be had now. */
export function firebaseApi() {
  return import("./firebaseApi").catch(() => {
    throw offlineError();
  });
}
