import type { SessionClient } from "../features/session";
import { ChatError } from "../lib/api/chatError";
import { RestClient, type RestAnswer, type RestRequest } from "../lib/api/restClient";
import { WritableStore, type Store } from "../lib/store";
import type { ChatClientOptions } from "../realtime/types";
import type { User } from "./types";

/** Refusals of the token itself: the session is over. */
const ENDS: ReadonlySet<string> = new Set(["unauthenticated", "token_expired", "user_not_found"]);

/** An archive of years takes minutes to be made and sent. */
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/** Who has signed in to the console, and what they ask of the server. It opens no socket: moderators are not shown as online. */
export interface ConsoleClient extends SessionClient {
  /** Null until it is known. */
  readonly me: Store<User | null>;
  /** Asks who this is. Throws ChatError. */
  identify(signal?: AbortSignal): Promise<void>;
  /** Throws ChatError, and `AbortError` as fetch does. A refused token ends the session. */
  request<T>(path: string, request?: RestRequest): Promise<RestAnswer<T>>;
  /** A file, which may take long to be made. Throws as `request` does. */
  download(path: string): Promise<Blob>;
}

export function createConsoleClient(options: ChatClientOptions): ConsoleClient {
  const rest = new RestClient({ serverUrl: options.serverUrl, getToken: (wanted) => options.getToken(wanted) });
  const me = new WritableStore<User | null>(null);
  const watch = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      if (cause instanceof ChatError && ENDS.has(cause.code)) options.onSignedOut?.(cause.code);
      // Whoever was an admin until now is told so, and not that each thing is refused.
      if (cause instanceof ChatError && cause.code === "access_denied") void identify().catch(() => undefined);
      throw cause;
    }
  };
  const identify = async (signal?: AbortSignal): Promise<void> => {
    me.set((await watch(rest.request<User>("/api/users/me", { signal }))).data);
  };
  return {
    me,
    identify,
    request: (path, request) => watch(rest.request(path, request)),
    download: (path) => watch(rest.download(path, { timeoutMs: DOWNLOAD_TIMEOUT_MS })),
    close: () => undefined,
    signOut: async () => {
      const user = me.getSnapshot();
      if (user !== null) await (await import("./forgetDevice")).forgetDevice(user.id);
    },
  };
}
