import { Suspense, useEffect, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { OfflineIcon } from "../../ui/icons";
import { lazyPart } from "../../ui/lazyPart";
import { Logo } from "../../ui/Logo";
import { Skeleton } from "../../ui/Skeleton";
import type { Session, SessionClient } from "./session";
import "./SignInPage.css";
import { loadSettings, useAppConfig } from "./useAppConfig";

// Nobody needs it who is signed in.
const loadSignInMethods = async () => (await import("./SignInMethods")).SignInMethods;
const SignInMethods = lazyPart(loadSignInMethods);

/** How one signs in here: by one click in the demo world, by e-mail and password in production. */
export function SignInPage({ session }: { readonly session: Session<SessionClient> }): ReactNode {
  const { t } = useTranslation();
  const state = useStore(session.state);
  const hasEnded = state.phase === "signedOut" && state.reason !== null;
  return (
    <main className="hc-sign-in">
      <div className="hc-sign-in__card">
        <Logo size={52} />
        <h1 className="hc-sign-in__heading">{t("signIn.heading")}</h1>
        {hasEnded && (
          <div className="hc-sign-in__notice" role="status">
            <Banner tone="warning">{t(state.reason === "user_not_found" ? "signIn.unknown" : "signIn.ended")}</Banner>
          </div>
        )}
        <Methods session={session} />
      </div>
    </main>
  );
}

function Methods({ session }: { readonly session: Session<SessionClient> }): ReactNode {
  const { t } = useTranslation();
  const { config, hasFailed } = useAppConfig();
  useEffect(() => void loadSignInMethods(), []); // while the settings are on their way
  if (hasFailed) {
    return (
      <EmptyState
        tone="danger"
        icon={<OfflineIcon size={26} />}
        title={t("signIn.configFailed")}
        hint={t("signIn.configFailedHint")}
        action={<Button onClick={loadSettings}>{t("app.tryAgain")}</Button>}
      />
    );
  }
  if (config === null) return <PeopleSkeleton />;
  return (
    <Suspense fallback={<PeopleSkeleton />}>
      <SignInMethods config={config} session={session} />
    </Suspense>
  );
}

function PeopleSkeleton(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-sign-in__people" role="status" aria-label={t("signIn.loading")}>
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} width="100%" height={70} />
      ))}
    </div>
  );
}
