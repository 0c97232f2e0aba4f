import { use } from "react";

import type { SessionAccess } from "./access";
import { SessionAccessContext } from "./chatClientContext";

/** What the app's session lends; null in a page where the host signs people in. */
export function useSessionAccess(): SessionAccess | null {
  return use(SessionAccessContext);
}
