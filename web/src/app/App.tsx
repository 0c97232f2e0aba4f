import { useEffect, type ReactNode } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";

import { usePushNobody } from "../features/push";
import { ChatClientProvider, SignInPage, type Session } from "../features/session";
import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore } from "../lib/useStore";
import "../ui/tokens.css";
// After the tokens: in the order in which they build on each other.
import "../ui/base.css";
import "../ui/Field.css";
import { ChatPage } from "./ChatPage";
import { ErrorBoundary } from "./ErrorBoundary";
import { NotFoundPage } from "./NotFoundPage";
import "./page.css";

/** The whole app: whoever is signed in sees the chat, anybody else how to sign in. */
export function App({ session }: { readonly session: Session }): ReactNode {
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

function Pages({ session }: { readonly session: Session }): ReactNode {
  const state = useStore(session.state);
  const [, navigate] = useLocation();
  // Whoever signs in next has other rooms; a session that ended by itself goes on where it was.
  const signOut = (): void => {
    navigate("/", { replace: true });
    void session.signOut();
  };
  usePushNobody(state.phase === "signedOut");
  return (
    <Switch>
      <Route path="/">
        {state.phase === "signedIn" ? <Redirect to="/chat" replace /> : <SignInPage session={session} />}
      </Route>
      <Route path="/chat/:roomId?">
        {({ roomId }) =>
          state.phase === "signedIn" ? (
            <ChatClientProvider client={state.client} access={state.access}>
              <ChatPage roomId={roomId ?? null} onSignOut={signOut} />
            </ChatClientProvider>
          ) : (
            <SignInPage session={session} />
          )
        }
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
