import type { ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore } from "../lib/useStore";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { UserIcon } from "../ui/icons";
import { LoadFailure } from "../ui/LoadFailure";
import { Spinner } from "../ui/Spinner";
import "./AdminGate.css";
import { useConsoleClient } from "./ConsoleClientContext";
import { useConsoleTexts } from "./useConsoleTexts";
import { useLoaded } from "./useLoaded";

interface AdminGateProps {
  onSignOut(): void;
  readonly children: ReactNode;
}

/** Shows what is behind it to admins. Everybody else is told why they see nothing, and how to go on. */
export function AdminGate({ onSignOut, children }: AdminGateProps): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const me = useStore(client.me);
  const { error, reload } = useLoaded("me", async (signal) => {
    await client.identify(signal);
    return true;
  });
  if (me?.role === "admin") return children;
  return (
    <main className="hc-gate">
      {me !== null ? (
        <EmptyState
          isPage
          icon={<UserIcon size={26} />}
          title={t("console.noAdmin")}
          hint={t("console.noAdminHint", { name: me.name })}
          action={<WaysOn onSignOut={onSignOut} />}
        />
      ) : error !== null ? (
        <LoadFailure
          title={t("console.loadFailed")}
          error={error}
          offlineHint={t("console.offlineHint")}
          onRetry={reload}
        />
      ) : (
        <Spinner size={28} label={t("console.loading")} />
      )}
    </main>
  );
}

function WaysOn({ onSignOut }: { onSignOut(): void }): ReactNode {
  const { t } = useConsoleTexts();
  const { t: common } = useTranslation();
  return (
    <span className="hc-gate__ways">
      <a href="/chat" className="hc-button hc-button--primary">
        {common("app.goToConversations")}
      </a>
      <Button onClick={onSignOut}>{t("console.signInAsOther")}</Button>
    </span>
  );
}
