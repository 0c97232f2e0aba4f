import type { ReactNode } from "react";

import { useSignInTexts } from "../../lib/i18n/useSignInTexts";
import { EmptyState } from "../../ui/EmptyState";
import { AlertIcon } from "../../ui/icons";
import type { AppConfig } from "./appConfig";
import { DemoPeople } from "./DemoPeople";
import { PasswordForm } from "./PasswordForm";
import type { Session, SessionClient } from "./session";

/** The ways to sign in that this server knows. */
export function SignInMethods({
  config,
  session,
}: {
  readonly config: AppConfig;
  readonly session: Session<SessionClient>;
}): ReactNode {
  const { t } = useSignInTexts();
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
