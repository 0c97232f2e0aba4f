import { createContext } from "react";

import type { ChatClient } from "../../realtime/types";

/** Carries the one client of the page; null outside a session. */
export const ChatClientContext = createContext<ChatClient | null>(null);
