import { type ReactNode } from "react";

import { Chip } from "../desk/Chip";
import { Filters } from "../desk/Filters";
import { Moment } from "../desk/Moment";
import { SectionPane } from "../desk/Pane";
import { RecordTable, type Column } from "../desk/RecordTable";
import { useConsoleClient } from "../ConsoleClientContext";
import { usePlace } from "../places";
import { REPORT_STATES, type Report } from "../types";
import { useConsoleTexts, type TranslateConsole } from "../useConsoleTexts";
import { useChosen } from "../desk/useChosen";
import { PAGE, usePages } from "../usePages";
import { ReportDetail } from "./ReportDetail";

export const stateTones = { open: "warning", resolved: "accent", dismissed: "neutral" } as const;

/** What people have reported, by state, and one report with its evidence. */
export function ReportsSection(): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const place = usePlace("reports");
  const state = REPORT_STATES.find((known) => known === place.get("state")) ?? null;
  const { id, close } = useChosen(place);
  const pages = usePages<Report>(`reports ${state ?? ""}`, (cursor, signal) =>
    client.request("/api/admin/reports", { query: { state: state ?? undefined, limit: PAGE, cursor }, signal }),
  );
  return (
    <SectionPane
      title={t("console.section.reports")}
      onRefresh={pages.reload}
      filters={
        <Filters
          label={t("console.reports.states")}
          choices={[...REPORT_STATES, null].map((choice) => ({
            label: t(`console.state.${choice ?? "all"}`),
            href: place.with({ state: choice, id: null }),
            isChosen: choice === state,
          }))}
        />
      }
      list={
        <RecordTable
          label={t("console.section.reports")}
          columns={columnsOf(t)}
          pages={pages}
          idOf={(report) => report.id}
          addressOf={(report) => place.with({ id: report.id })}
          chosenId={id}
          empty={{
            title: t(state === "open" ? "console.reports.noneOpen" : "console.reports.none"),
            hint: t("console.reports.noneHint"),
          }}
        />
      }
      detail={
        id === null ? null : (
          <ReportDetail
            key={id}
            id={id}
            onClose={close}
            onDecided={(decided) => pages.update((report) => (report.id === decided.id ? decided : report))}
          />
        )
      }
    />
  );
}

function columnsOf(t: TranslateConsole): readonly Column<Report>[] {
  return [
    {
      key: "user",
      heading: t("console.reports.reported"),
      cell: (report) => (
        <>
          <span className="hc-records__main">
            <bdi>{report.user.name}</bdi>
          </span>
          <span className="hc-records__sub">
            {t(`console.reason.${report.reason}`)}
            {report.note !== null && <bdi> · {report.note}</bdi>}
          </span>
        </>
      ),
    },
    {
      key: "reporter",
      heading: t("console.reports.reporter"),
      cell: (report) => <bdi>{report.reporter.name}</bdi>,
      isExtra: true,
    },
    {
      key: "state",
      heading: t("console.reports.state"),
      cell: (report) => <Chip tone={stateTones[report.state]}>{t(`console.state.${report.state}`)}</Chip>,
    },
    { key: "when", heading: t("console.when"), cell: (report) => <Moment at={report.createdAt} /> },
  ];
}
