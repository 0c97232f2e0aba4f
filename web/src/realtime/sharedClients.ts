/** One client, and so one socket, for each server and account on a page, however many components use it. */
import { createChatClient } from "./client";
import type { ChatClient, ChatClientOptions } from "./types";

interface Shared {
  readonly client: ChatClient;
  users: number;
  lingering: ReturnType<typeof setTimeout> | null;
}

// A component that is made anew at once (React does it twice in development) finds the connection still standing.
const LINGER_MS = 100;

const clients = new Map<string, Shared>();

/**
 * The client of a server and an account; made by the first that asks, with its options. Each call needs one `release`;
 * the last one closes the client.
 */
export function acquireChatClient(
  options: ChatClientOptions,
  create: (options: ChatClientOptions) => ChatClient = createChatClient,
): { readonly client: ChatClient; readonly release: () => void } {
  const name = JSON.stringify([options.serverUrl, options.account ?? null]);
  let shared = clients.get(name);
  // One whose session is over serves nobody any more.
  if (!shared || shared.client.connection.getSnapshot().phase === "signedOut") {
    shared = { client: create(options), users: 0, lingering: null };
    clients.set(name, shared);
  }
  return hold(name, shared);
}

function hold(name: string, shared: Shared): { client: ChatClient; release: () => void } {
  shared.users++;
  if (shared.lingering !== null) clearTimeout(shared.lingering);
  shared.lingering = null;
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    if (--shared.users === 0) shared.lingering = setTimeout(() => end(name, shared), LINGER_MS);
  };
  return { client: shared.client, release };
}

function end(name: string, shared: Shared): void {
  if (clients.get(name) === shared) clients.delete(name);
  shared.client.close();
}
