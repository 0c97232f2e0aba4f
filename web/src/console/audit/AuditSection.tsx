import type { ReactNode } from "react";
import { Link } from "wouter";

import { Moment } from "../desk/Moment";
import { SectionPane } from "../desk/Pane";
import { RecordTable, type Column } from "../desk/RecordTable";
import { useConsoleClient } from "../ConsoleClientContext";
import { addressOf } from "../places";
import { REPORT_STATES, type AuditEntry, type ReportState } from "../types";
import { useConsoleTexts, type TranslateConsole } from "../useConsoleTexts";
import { PAGE, usePages } from "../usePages";

const subjectSections = { report: "reports", user: "people", room: "rooms", notice: "notices" } as const;

/** What moderators have looked at and done. Reading it is no entry, and nobody can change it. */
export function AuditSection(): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const pages = usePages<AuditEntry>("audit", (cursor, signal) =>
    client.request("/api/admin/audit", { query: { limit: PAGE, cursor }, signal }),
  );
  return (
    <SectionPane
      title={t("console.section.audit")}
      onRefresh={pages.reload}
      list={
        <RecordTable
          label={t("console.section.audit")}
          columns={columnsOf(t)}
          pages={pages}
          idOf={(entry) => entry.id}
          empty={{ title: t("console.audit.none") }}
        />
      }
      detail={null}
    />
  );
}

function columnsOf(t: TranslateConsole): readonly Column<AuditEntry>[] {
  return [
    {
      key: "action",
      heading: t("console.audit.action"),
      cell: (entry) => (
        <>
          <span className="hc-records__main">{t(`console.action.${entry.action}`)}</span>
          <span className="hc-records__sub">
            <SubjectLink subject={entry.subject} />
            <Details entry={entry} />
          </span>
        </>
      ),
    },
    {
      key: "actor",
      heading: t("console.audit.actor"),
      cell: (entry) => t(`console.actor.${entry.actor.kind}`, { id: entry.actor.id }),
    },
    { key: "when", heading: t("console.when"), cell: (entry) => <Moment at={entry.createdAt} /> },
  ];
}

function SubjectLink({ subject }: { readonly subject: AuditEntry["subject"] }): ReactNode {
  const { t } = useConsoleTexts();
  if (subject === null) return null;
  const text = t(`console.subject.${subject.kind}`, { id: subject.id });
  const section = subject.kind === "message" ? null : subjectSections[subject.kind];
  return section === null ? (
    text
  ) : (
    <Link href={addressOf(section, { id: subject.id })} className="hc-link">
      {text}
    </Link>
  );
}

/** Of which state the reports were, or from which to which one was taken; which of its files was opened. */
function Details({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const { t } = useConsoleTexts();
  const { fileId } = entry.details;
  if (typeof fileId === "string") return ` · ${t("console.audit.file", { id: fileId })}`;
  const states = [entry.details.before, entry.details.state].map(readState).filter((state) => state !== null);
  if (states.length === 0) return null;
  const words = states.map((state) => t(`console.state.${state}`)).join(" → ");
  return entry.subject === null ? words : ` · ${words}`;
}

function readState(value: unknown): ReportState | null {
  return REPORT_STATES.find((state) => state === value) ?? null;
}
