import "./styles";

import { useEffect, useRef, useState, type ReactNode } from "react";

import { ChatClientProvider } from "../features/session/ChatClientProvider";
import { loadWantedLocale } from "../lib/i18n/translate";
import { acquireChatClient } from "../realtime/sharedClients";
import type { ChatClient } from "../realtime/types";
import { ImageBaseContext } from "../ui/imageBase";

export interface ChatProviderProps {
  /** Where the chat server is: `https://chat.example.com`. */
  readonly serverUrl: string;
  /** Who is signed in, by any name that is theirs alone. Another one ends the connection and begins a new one. */
  readonly account: string;
  /** A token that is valid now; `forceRefresh` when the last one was refused. */
  getToken(options: { readonly forceRefresh: boolean }): Promise<string>;
  /** The token is refused for good. */
  readonly onSignedOut?: (reason: string) => void;
  readonly children: ReactNode;
}

// Before the first render, unless the host chooses a language right away: that choice comes later, and stays.
void loadWantedLocale();

/**
 * The connection, for all parts below. Providers of one server and one account share a socket, wherever on the page
 * they stand.
 */
export function ChatProvider({ children, ...connection }: ChatProviderProps): ReactNode {
  const client = useSharedClient(connection);
  if (client === null) return null;
  return (
    <ImageBaseContext value={connection.serverUrl}>
      <ChatClientProvider client={client}>{children}</ChatClientProvider>
    </ImageBaseContext>
  );
}

function useSharedClient(connection: Omit<ChatProviderProps, "children">): ChatClient | null {
  const { serverUrl, account } = connection;
  const [client, setClient] = useState<ChatClient | null>(null);
  // A host may write its functions in place, new in every render: the newest is called, and nothing connects anew.
  const newest = useRef(connection);
  useEffect(() => {
    newest.current = connection;
  });
  useEffect(() => {
    const shared = acquireChatClient({
      serverUrl,
      account,
      getToken: (options) => newest.current.getToken(options),
      onSignedOut: (reason) => newest.current.onSignedOut?.(reason),
    });
    setClient(shared.client);
    return () => {
      setClient(null);
      shared.release();
    };
  }, [serverUrl, account]);
  return client;
}
