/** Sign-in page and account menu. */
export const sessionEn = {
  "signIn.heading": "Sign in to Hyred Chat",
  "signIn.loading": "Loading",
  "signIn.configFailed": "The server could not be reached",
  "signIn.configFailedHint": "Check your connection, then try again.",
  "signIn.ended": "Your session has ended. Please sign in again.",
  "signIn.unknown": "This account is not known here.",
  "account.label": "Your account",
  "settings.title": "Settings",
  "account.signOut": "Sign out",
} as const;
