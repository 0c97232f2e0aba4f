import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { LoadFailure } from "../../ui/LoadFailure";
import { Skeleton } from "../../ui/Skeleton";
import { Chip } from "../desk/Chip";
import { Fact, Facts } from "../desk/Facts";
import { FullMoment } from "../desk/Moment";
import { SectionPane } from "../desk/Pane";
import { useConsoleClient } from "../ConsoleClientContext";
import type { ServerHealth } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import { useLoaded } from "../useLoaded";

const tones = { ready: "accent", degraded: "warning", stopping: "warning", unavailable: "danger" } as const;

interface Measured {
  readonly health: ServerHealth;
  readonly milliseconds: number;
}

/** How the server is, as far as one of its processes tells. */
export function HealthSection(): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const { value, error, reload } = useLoaded<Measured>("health", async (signal) => {
    const start = performance.now();
    const { data } = await client.request<ServerHealth>("/api/admin/health", { signal });
    return { health: data, milliseconds: Math.round(performance.now() - start) };
  });
  return (
    <SectionPane
      title={t("console.section.health")}
      onRefresh={reload}
      list={
        <div className="hc-pane__body">
          {error !== null && (
            <LoadFailure
              title={t("console.loadFailed")}
              error={error}
              offlineHint={t("console.offlineHint")}
              onRetry={reload}
            />
          )}
          {value !== null ? (
            <HealthFacts {...value} />
          ) : (
            error === null && (
              <div role="status" aria-label={t("console.loading")}>
                <Skeleton width="100%" height={180} />
              </div>
            )
          )}
        </div>
      }
      detail={null}
    />
  );
}

function HealthFacts({ health, milliseconds }: Measured): ReactNode {
  const { t } = useConsoleTexts();
  const { locale } = useTranslation();
  const count = (value: number | null): string =>
    value === null ? t("console.health.unknown") : new Intl.NumberFormat(locale).format(value);
  return (
    <>
      <Facts>
        <Fact name={t("console.health.status")}>
          <Chip tone={tones[health.status]}>{t(`console.health.status.${health.status}`)}</Chip>{" "}
          {t(`console.health.hint.${health.status}`)}
        </Fact>
        <Fact name={t("console.health.version")}>{health.version}</Fact>
        <Fact name={t("console.health.started")}>
          <FullMoment at={health.startedAt} />
        </Fact>
        <Fact name={t("console.health.people")}>{count(health.connectedPeople)}</Fact>
        <Fact name={t("console.health.overdue")}>
          {count(health.overdueNotifications)}
          <p className="hc-desk__hint">{t("console.health.overdueHint")}</p>
        </Fact>
        <Fact name={t("console.health.erasures")}>
          {count(health.unfinishedErasures)}
          <p className="hc-desk__hint">{t("console.health.erasuresHint")}</p>
        </Fact>
      </Facts>
      <p className="hc-desk__hint" role="status">
        {t("console.health.answer", { milliseconds })} {t("console.health.process")}
      </p>
    </>
  );
}
