import { firebaseApi } from "./firebase";
import type { FirebaseGrant, Grant, TokenSource } from "./tokenSource";

/** A token this close to its end is replaced before it is used: it is to outlast the request it goes with. */
const leastLifeMs = 120_000;

/** The tokens of a session. `onRefresh` is told each new grant, to keep it. */
export function createTokenSource(grant: Grant, onRefresh: (grant: Grant) => void): TokenSource {
  if (grant.kind === "demo") return { getToken: () => Promise.resolve(grant.token) };
  return new FirebaseTokens(grant, onRefresh);
}

class FirebaseTokens implements TokenSource {
  #grant: FirebaseGrant;
  #refresh: Promise<FirebaseGrant> | null = null;
  readonly #onRefresh: (grant: Grant) => void;

  constructor(grant: FirebaseGrant, onRefresh: (grant: Grant) => void) {
    this.#grant = grant;
    this.#onRefresh = onRefresh;
    // Fetched with the page that it belongs to: a later version of the app may have replaced it by then.
    void firebaseApi().catch(() => undefined);
  }

  async getToken({ forceRefresh }: { readonly forceRefresh: boolean }): Promise<string> {
    if (forceRefresh || this.#grant.expiresAt - Date.now() < leastLifeMs) await this.#refreshOnce();
    return this.#grant.idToken;
  }

  /** All who ask at the same time share one refresh. */
  async #refreshOnce(): Promise<void> {
    this.#refresh ??= this.#askForFresh().finally(() => (this.#refresh = null));
    const grant = await this.#refresh;
    if (grant === this.#grant) return;
    this.#grant = grant;
    this.#onRefresh(grant);
  }

  async #askForFresh(): Promise<FirebaseGrant> {
    const { refreshGrant } = await firebaseApi();
    return refreshGrant(this.#grant);
  }
}
