import { useEffect, type ReactNode } from "react";

import { ErrorBoundary } from "../app/ErrorBoundary";
import "../app/page.css";
import { SignInPage, type Session } from "../features/session";
import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore } from "../lib/useStore";
import "../ui/tokens.css";
// After the tokens: in the order in which they build on each other.
import "../ui/base.css";
import "../ui/Field.css";
import { AdminGate } from "./AdminGate";
import type { ConsoleClient } from "./consoleClient";
import { ConsoleClientContext } from "./ConsoleClientContext";
import { Desk } from "./desk/Desk";

/** The whole console: how to sign in, then the desk, for people whose role is `admin`. */
export function Console({ session }: { readonly session: Session<ConsoleClient> }): ReactNode {
  const { locale } = useTranslation();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return (
    <ErrorBoundary>
      <Pages session={session} />
    </ErrorBoundary>
  );
}

function Pages({ session }: { readonly session: Session<ConsoleClient> }): ReactNode {
  const state = useStore(session.state);
  if (state.phase === "signedOut") return <SignInPage session={session} />;
  const signOut = (): void => void session.signOut();
  return (
    <ConsoleClientContext value={state.client}>
      <AdminGate onSignOut={signOut}>
        <Desk onSignOut={signOut} />
      </AdminGate>
    </ConsoleClientContext>
  );
}
