import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { AlertIcon, OfflineIcon } from "../../ui/icons";
import { Logo } from "../../ui/Logo";
import { Skeleton } from "../../ui/Skeleton";
import type { AppConfig } from "./appConfig";
import { DemoPeople } from "./DemoPeople";
import { PasswordForm } from "./PasswordForm";
import type { Session } from "./session";
import "./SignInPage.css";
import { useAppConfig } from "./useAppConfig";

/** How one signs in here: by one click in the demo world, by e-mail and password in production. */
export function SignInPage({ session }: { readonly session: Session }): ReactNode {
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
        <SignInMethods session={session} />
      </div>
    </main>
  );
}

function SignInMethods({ session }: { readonly session: Session }): ReactNode {
  const { t } = useTranslation();
  const config = useAppConfig();
  if (config.isPending) return <PeopleSkeleton />;
  if (config.isError) {
    return (
      <EmptyState
        tone="danger"
        icon={<OfflineIcon size={26} />}
        title={t("signIn.configFailed")}
        hint={t("signIn.configFailedHint")}
        action={<Button onClick={() => void config.refetch()}>{t("app.tryAgain")}</Button>}
      />
    );
  }
  return <Methods config={config.data} session={session} />;
}

function Methods({ config, session }: { readonly config: AppConfig; readonly session: Session }): ReactNode {
  const { t } = useTranslation();
  const { firebase, demoPeople } = config;
  if (firebase === null && demoPeople.length === 0) {
    return <EmptyState icon={<AlertIcon size={26} />} title={t("signIn.noMethod")} hint={t("signIn.noMethodHint")} />;
  }
  return (
    <>
      {firebase !== null && (
        <PasswordForm onSubmit={(credentials) => session.signInWithPassword(firebase, credentials)} />
      )}
      {demoPeople.length > 0 && <DemoPeople people={demoPeople} onChoose={(person) => session.signInAs(person)} />}
    </>
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
