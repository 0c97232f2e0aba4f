/** The ways to sign in. */
export const signInEn = {
  "signIn.demoHint": "Choose who you are. Open a second window to be somebody else.",
  "signIn.email": "E-mail",
  "signIn.password": "Password",
  "signIn.keep": "Keep me signed in on this device",
  "signIn.submit": "Sign in",
  "signIn.submitting": "Signing in…",
  "signIn.wrong": "E-mail or password is not right.",
  "signIn.disabled": "This account has been disabled.",
  "signIn.tooMany": "Too many attempts. Wait a little, then try again.",
  "signIn.unreachable": "The sign-in service could not be reached. Check your connection.",
  "signIn.noMethod": "Signing in has not been set up on this server",
  "signIn.noMethodHint": "The administrator configures Firebase, or starts the server with its demo people.",
} as const;
