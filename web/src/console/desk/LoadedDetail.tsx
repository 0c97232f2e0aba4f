import type { ReactNode } from "react";

import { LoadFailure } from "../../ui/LoadFailure";
import { Skeleton } from "../../ui/Skeleton";
import { useConsoleTexts } from "../useConsoleTexts";
import type { Loaded } from "../useLoaded";
import { DetailPane } from "./Pane";

interface LoadedDetailProps<T> {
  /** Until the name of what is shown is known. */
  readonly title: string;
  titleOf(value: T): string;
  readonly loaded: Loaded<T>;
  onClose(): void;
  children(value: T): ReactNode;
}

/** What is chosen of a list, once it has come; until then its outline, or why it does not come. */
export function LoadedDetail<T>({ title, titleOf, loaded, onClose, children }: LoadedDetailProps<T>): ReactNode {
  const { t } = useConsoleTexts();
  const { value, error, reload } = loaded;
  return (
    <DetailPane title={value === null ? title : titleOf(value)} onClose={onClose}>
      {value !== null ? (
        children(value)
      ) : error !== null ? (
        <LoadFailure
          title={t("console.loadFailed")}
          error={error}
          offlineHint={t("console.offlineHint")}
          onRetry={reload}
        />
      ) : (
        <div className="hc-records__loading" role="status" aria-label={t("console.loading")}>
          <Skeleton width="60%" height={20} />
          <Skeleton width="100%" height={120} />
          <Skeleton width="100%" height={220} />
        </div>
      )}
    </DetailPane>
  );
}
