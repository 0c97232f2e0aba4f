import type { FirebaseSettings } from "./appConfig";

/** Where tokens come from while somebody is signed in. */
export interface TokenSource {
  /** A token that is valid now. Throws ChatError: `unauthenticated` when the session is over, `offline` to try later. */
  getToken(options: { readonly forceRefresh: boolean }): Promise<string>;
}

/** A development token, which neither expires nor can be had anew. */
export interface DemoGrant {
  readonly kind: "demo";
  readonly token: string;
}

/** What Firebase gave at sign-in, and gives again at each refresh. */
export interface FirebaseGrant {
  readonly kind: "firebase";
  /** Kept along, so that a page without a network knows where to refresh once there is one. */
  readonly settings: FirebaseSettings;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a session is made of, and all that is kept of it. */
export type Grant = DemoGrant | FirebaseGrant;
