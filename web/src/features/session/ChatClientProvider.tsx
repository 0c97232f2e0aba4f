import type { ReactNode } from "react";

import type { ChatClient } from "../../realtime/types";
import { ChatClientContext } from "./chatClientContext";

interface ChatClientProviderProps {
  readonly client: ChatClient;
  readonly children: ReactNode;
}

/** Hands the client of a session to the views below. */
export function ChatClientProvider({ client, children }: ChatClientProviderProps): ReactNode {
  return <ChatClientContext value={client}>{children}</ChatClientContext>;
}
