import { RestClient } from "../../lib/api/restClient";
import { bounded } from "../../realtime/bounded";
import type { TokenSource } from "./tokenSource";

type Farewell = () => Promise<void>;

/** So long what others have to do may hold up signing out. */
const LEAVE_TIMEOUT_MS = 2_000;

/** What a session lends to features that talk to the server by themselves. */
export class SessionAccess {
  /** Asks the server in the name of whoever is signed in; for a while also while they sign out. */
  readonly rest: RestClient;
  readonly #farewells = new Set<Farewell>();

  constructor(tokens: TokenSource) {
    this.rest = new RestClient({ serverUrl: "", getToken: (options) => tokens.getToken(options) });
  }

  /** Has `farewell` done when the session ends. The answer takes that back. */
  onLeave(farewell: Farewell): () => void {
    this.#farewells.add(farewell);
    return () => this.#farewells.delete(farewell);
  }

  /** The session ends. Begins at once with all there is to do; never throws. */
  async leave(): Promise<void> {
    const all = Promise.allSettled([...this.#farewells].map((farewell) => farewell()));
    await bounded(all, LEAVE_TIMEOUT_MS).catch(() => undefined);
  }
}
