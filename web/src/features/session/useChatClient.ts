import { use } from "react";

import type { ChatClient } from "../../realtime/types";
import { ChatClientContext } from "./chatClientContext";

/** The client of the session. Views that use it stand below a `ChatClientProvider`. */
export function useChatClient(): ChatClient {
  const client = use(ChatClientContext);
  if (client === null) throw new Error("useChatClient needs a ChatClientProvider above it.");
  return client;
}
