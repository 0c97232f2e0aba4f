import { WritableStore } from "../../lib/store";
import type { ChatClient, ChatClientOptions } from "../../realtime/types";
import type { DemoPerson, FirebaseSettings } from "./appConfig";
import { signInWithPassword } from "./firebaseApi";
import { findGrant, forgetGrant, keepGrant, storageKey } from "./grantStorage";
import { createTokenSource } from "./tokens";
import type { Grant } from "./tokenSource";

export type SessionState =
  /** `reason` is why the last session ended by itself, as the connection says it; null after signing out. */
  | { readonly phase: "signedOut"; readonly reason: string | null }
  | { readonly phase: "signedIn"; readonly client: ChatClient };

/** Who is signed in on this page: one client from sign-in to sign-out. */
export class Session {
  readonly state = new WritableStore<SessionState>({ phase: "signedOut", reason: null });
  readonly #createClient: (options: ChatClientOptions) => ChatClient;

  constructor(createClient: (options: ChatClientOptions) => ChatClient) {
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
    const grant = await signInWithPassword(settings, credentials.email, credentials.password);
    this.#start(grant, credentials.isKept);
  }

  /** Ends the session, and removes what the device keeps for this person. */
  async signOut(): Promise<void> {
    const state = this.state.getSnapshot();
    if (state.phase !== "signedIn") return;
    this.#end(null);
    await state.client.signOut();
  }

  #start(grant: Grant, isKept: boolean): void {
    keepGrant({ grant, isKept });
    const tokens = createTokenSource(grant, (fresh) => keepGrant({ grant: fresh, isKept }));
    const client: ChatClient = this.#createClient({
      serverUrl: "",
      getToken: (options) => tokens.getToken(options),
      onSignedOut: (reason) => {
        this.#end(reason);
        client.close();
      },
    });
    this.state.set({ phase: "signedIn", client });
    if (isKept) window.addEventListener("storage", this.#followOtherTabs);
  }

  #end(reason: string | null): void {
    window.removeEventListener("storage", this.#followOtherTabs);
    forgetGrant();
    this.state.set({ phase: "signedOut", reason });
  }

  /** A session kept on the device is one for all tabs: signed out in one, it is over in all. */
  readonly #followOtherTabs = (event: StorageEvent): void => {
    const state = this.state.getSnapshot();
    if (event.key !== storageKey || event.newValue !== null || state.phase !== "signedIn") return;
    this.#end(null);
    state.client.close();
  };
}
