/** Being signed in without the sign-in page: what it would have kept for the tab. */

/** Runs in the page before its own scripts. A reload keeps what the page has made of it since. */
export function keepSession(token: string): void {
  if (sessionStorage.getItem("hyred.session") !== null) return;
  sessionStorage.setItem("hyred.session", JSON.stringify({ kind: "demo", token }));
}
