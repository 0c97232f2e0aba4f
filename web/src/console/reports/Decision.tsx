import { useId, useState, type ReactNode } from "react";

import { useAct } from "../useAct";
import { Button } from "../../ui/Button";
import { limitInput } from "../../ui/limitInput";
import { useConsoleClient } from "../ConsoleClientContext";
import type { Report, ReportState } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import "./Decision.css";

/** As many code points as the server takes. */
const MAX_NOTE_CHARS = 2_000;

interface DecisionProps {
  readonly report: Report;
  onDecided(report: Report): void;
}

/** What is decided about a report, with a note for other moderators. Nobody who is concerned sees the note. */
export function Decision({ report, onDecided }: DecisionProps): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const [note, setNote] = useState(report.moderatorNote ?? "");
  const { act, isBusy, failure } = useAct();
  const noteId = useId();
  const decide = (state: ReportState): void =>
    act(async () => {
      const path = `/api/admin/reports/${encodeURIComponent(report.id)}`;
      const body = { state, note: note.trim() === "" ? null : note };
      onDecided((await client.request<Report>(path, { method: "PATCH", body })).data);
    });
  const isOpen = report.state === "open";
  return (
    <section className="hc-decision" aria-label={t("console.decision.heading")}>
      <h3 className="hc-desk__heading">{t("console.decision.heading")}</h3>
      <label htmlFor={noteId}>{t("console.decision.note")}</label>
      <textarea
        id={noteId}
        className="hc-field"
        rows={3}
        dir="auto"
        value={note}
        onChange={(event) => setNote(limitInput(event.target, MAX_NOTE_CHARS))}
      />
      <div className="hc-decision__ways">
        {isOpen ? (
          <>
            <Button variant="primary" disabled={isBusy} onClick={() => decide("resolved")}>
              {t("console.decision.resolve")}
            </Button>
            <Button disabled={isBusy} onClick={() => decide("dismissed")}>
              {t("console.decision.dismiss")}
            </Button>
          </>
        ) : (
          <>
            <Button
              disabled={isBusy || note.trim() === (report.moderatorNote ?? "")}
              onClick={() => decide(report.state)}
            >
              {t("console.decision.saveNote")}
            </Button>
            <Button variant="quiet" disabled={isBusy} onClick={() => decide("open")}>
              {t("console.decision.reopen")}
            </Button>
          </>
        )}
      </div>
      <p className="hc-desk__hint">{t("console.decision.hint")}</p>
      <p role="alert" className="hc-desk__failure">
        {failure}
      </p>
    </section>
  );
}
