import { WritableStore } from "../../lib/store";
import type { ChatClient, ChatClientOptions } from "../../realtime/types";
import { SessionAccess } from "./access";
import type { DemoPerson, FirebaseSettings } from "./appConfig";
import { firebaseApi } from "./firebase";
import { findGrant, forgetGrant, keepGrant, storageKey } from "./grantStorage";
import { createTokenSource } from "./tokens";
import type { Grant } from "./tokenSource";

/** What works for whoever is signed in, as far as a session has to do with it. */
export interface SessionClient {
  close(): void;
  /** Closes it, and removes what the device keeps for this person. */
  signOut(): Promise<void>;
}

export type SessionState<C extends SessionClient = ChatClient> =
  /** `reason` is why the last session ended by itself, as the connection says it; null after signing out. */
  | { readonly phase: "signedOut"; readonly reason: string | null }
  | { readonly phase: "signedIn"; readonly client: C; readonly access: SessionAccess };

/** Who is signed in on this page: one client from sign-in to sign-out. */
export class Session<C extends SessionClient = ChatClient> {
  readonly state = new WritableStore<SessionState<C>>({ phase: "signedOut", reason: null });
  readonly #createClient: (options: ChatClientOptions) => C;

  constructor(createClient: (options: ChatClientOptions) => C) {
    this.#createClient = createClient;
  }

  /** Goes on with the session that this tab or device has kept, if any. Needs no network. */
  resume(): void {
    const kept = findGrant();
    if (kept !== null) this.#start(kept.grant, kept.isKept);
  }

  signInAs(person: DemoPerson): void {
    this.#start({ kind: "demo", token: person.token }, false);
  }

  /** Throws ChatError: see `signInWithPassword`. */
  async signInWithPassword(
    settings: FirebaseSettings,
    credentials: { readonly email: string; readonly password: string; readonly isKept: boolean },
  ): Promise<void> {
    const { signInWithPassword } = await firebaseApi();
    const grant = await signInWithPassword(settings, credentials.email, credentials.password);
    this.#start(grant, credentials.isKept);
  }

  /** Ends the session, and removes what the device keeps for this person. */
  async signOut(): Promise<void> {
    const state = this.state.getSnapshot();
    if (state.phase !== "signedIn") return;
    await Promise.all([this.#end(null), state.client.signOut()]);
  }

  #start(grant: Grant, isKept: boolean): void {
    keepGrant({ grant, isKept });
    // What leaves as the session ends may still need a fresh token, which is not to be kept any more.
    const keep = (fresh: Grant): void => {
      if (this.#accessNow() === access) keepGrant({ grant: fresh, isKept });
    };
    const tokens = createTokenSource(grant, keep);
    const access = new SessionAccess(tokens);
    const client: C = this.#createClient({
      serverUrl: "",
      getToken: (options) => tokens.getToken(options),
      onSignedOut: (reason) => {
        void this.#end(reason);
        client.close();
      },
    });
    this.state.set({ phase: "signedIn", client, access });
    if (isKept) window.addEventListener("storage", this.#followOtherTabs);
  }

  /** Over at once for whoever looks; the answer is when what is left to do has been done, or has taken too long. */
  async #end(reason: string | null): Promise<void> {
    window.removeEventListener("storage", this.#followOtherTabs);
    forgetGrant();
    const leaving = this.#accessNow()?.leave();
    this.state.set({ phase: "signedOut", reason });
    await leaving;
  }

  #accessNow(): SessionAccess | null {
    const state = this.state.getSnapshot();
    return state.phase === "signedIn" ? state.access : null;
  }

  /** A session kept on the device is one for all tabs: signed out in one, it is over in all. */
  readonly #followOtherTabs = (event: StorageEvent): void => {
    const state = this.state.getSnapshot();
    if (event.key !== storageKey || event.newValue !== null || state.phase !== "signedIn") return;
    void this.#end(null);
    state.client.close();
  };
}
