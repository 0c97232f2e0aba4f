import { createContext } from "react";

import type { ChatClient } from "../../realtime/types";
import type { SessionAccess } from "./access";

/** Carries the one client of the page; null outside a session. */
export const ChatClientContext = createContext<ChatClient | null>(null);

/** Carries what the app's session lends; null where a host signs people in. */
export const SessionAccessContext = createContext<SessionAccess | null>(null);
