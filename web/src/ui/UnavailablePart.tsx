import type { ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Button } from "./Button";
import { EmptyState } from "./EmptyState";
import { AlertIcon } from "./icons";

/** The file did not come: a newer version of the app has replaced it, or there is no network. */
export function UnavailablePart(): ReactNode {
  const { t } = useTranslation();
  return (
    <EmptyState
      tone="danger"
      icon={<AlertIcon size={26} />}
      title={t("app.partFailed")}
      hint={t("app.partFailedHint")}
      action={<Button onClick={() => location.reload()}>{t("app.reload")}</Button>}
    />
  );
}
