import type { ReactNode } from "react";
import { Link } from "wouter";

import { Chip } from "../desk/Chip";
import { Fact, Facts } from "../desk/Facts";
import { LoadedDetail } from "../desk/LoadedDetail";
import { FullMoment } from "../desk/Moment";
import { PersonLink } from "../desk/PersonLink";
import { useConsoleClient } from "../ConsoleClientContext";
import { addressOf } from "../places";
import type { Report, ReportWithEvidence } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import { useLoaded } from "../useLoaded";
import { Decision } from "./Decision";
import { EvidenceView } from "./EvidenceView";
import { stateTones } from "./ReportsSection";

interface ReportDetailProps {
  readonly id: string;
  onClose(): void;
  onDecided(report: Report): void;
}

/** One report: who says what of whom, what was there, and what is decided. */
export function ReportDetail({ id, onClose, onDecided }: ReportDetailProps): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const loaded = useLoaded(id, async (signal) => {
    const path = `/api/admin/reports/${encodeURIComponent(id)}`;
    return (await client.request<ReportWithEvidence>(path, { signal })).data;
  });
  return (
    <LoadedDetail
      title={t("console.reports.one")}
      titleOf={(report) => t("console.reports.about", { name: report.user.name })}
      loaded={loaded}
      onClose={onClose}
    >
      {(report) => (
        <>
          <ReportFacts report={report} />
          <EvidenceView report={report} />
          <Decision
            key={`${report.state} ${report.moderatorNote ?? ""}`}
            report={report}
            onDecided={(decided) => {
              loaded.replace({ ...report, ...decided });
              // What is open again holds those of its files that are still there.
              if (decided.state === "open" && report.state !== "open") loaded.reload();
              onDecided(decided);
            }}
          />
        </>
      )}
    </LoadedDetail>
  );
}

function ReportFacts({ report }: { readonly report: Report }): ReactNode {
  const { t } = useConsoleTexts();
  return (
    <Facts>
      <Fact name={t("console.reports.state")}>
        <Chip tone={stateTones[report.state]}>{t(`console.state.${report.state}`)}</Chip>
      </Fact>
      <Fact name={t("console.reports.reported")}>
        <PersonLink person={report.user} />
      </Fact>
      <Fact name={t("console.reports.reporter")}>
        <PersonLink person={report.reporter} />
      </Fact>
      <Fact name={t("console.when")}>
        <FullMoment at={report.createdAt} />
      </Fact>
      {report.roomId !== null && (
        <Fact name={t("console.rooms.one")}>
          <Link href={addressOf("rooms", { id: report.roomId })} className="hc-link">
            {report.roomId}
          </Link>
        </Fact>
      )}
      <Fact name={t("console.reports.reason")}>{t(`console.reason.${report.reason}`)}</Fact>
      {report.note !== null && (
        <Fact name={t("console.reports.note")}>
          <span className="hc-facts__text" dir="auto">
            {report.note}
          </span>
        </Fact>
      )}
      {report.decidedAt !== null && report.decidedBy !== null && (
        <Fact name={t("console.reports.decided")}>
          <FullMoment at={report.decidedAt} />
          {" · "}
          {t(`console.actor.${report.decidedBy.kind}`, { id: report.decidedBy.id })}
        </Fact>
      )}
    </Facts>
  );
}
