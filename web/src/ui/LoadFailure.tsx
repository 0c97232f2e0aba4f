import type { ReactNode } from "react";

import type { ChatError } from "../lib/api/chatError";
import { describeError } from "../lib/i18n/describeError";
import { useTranslation } from "../lib/i18n/useTranslation";
import { Button } from "./Button";
import { EmptyState } from "./EmptyState";
import { AlertIcon, OfflineIcon } from "./icons";

interface LoadFailureProps {
  readonly title: string;
  readonly error: ChatError;
  /** What to say instead of the error when there is no network. */
  readonly offlineHint: string;
  onRetry(): void;
}

/** What could not be loaded, why, and a way to try again. */
export function LoadFailure({ title, error, offlineHint, onRetry }: LoadFailureProps): ReactNode {
  const { t } = useTranslation();
  const isOffline = error.code === "offline";
  return (
    <EmptyState
      tone="danger"
      icon={isOffline ? <OfflineIcon size={26} /> : <AlertIcon size={26} />}
      title={title}
      hint={isOffline ? offlineHint : describeError(error, t)}
      action={<Button onClick={onRetry}>{t("app.tryAgain")}</Button>}
    />
  );
}
