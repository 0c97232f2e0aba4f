import type { ReactNode } from "react";
import { Link } from "wouter";

import { useTranslation } from "../lib/i18n/useTranslation";
import { EmptyState } from "../ui/EmptyState";
import { SearchIcon } from "../ui/icons";

export function NotFoundPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <main className="hc-page">
      <EmptyState
        isPage
        icon={<SearchIcon size={26} />}
        title={t("app.notFound")}
        hint={t("app.notFoundHint")}
        action={
          <Link href="/chat" className="hc-button hc-button--secondary">
            {t("app.goToConversations")}
          </Link>
        }
      />
    </main>
  );
}
