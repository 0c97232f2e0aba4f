import { useId, useState, type SyntheticEvent, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import { useRoomsTranslation } from "../../lib/i18n/useRoomsTranslation";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { reportReasons, type Report } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { limitInput } from "../../ui/limitInput";
import { useRoomRequests } from "./useRoomRequests";
import "./dialogs.css";

/** What is reported: a person, or a message. */
export type ReportSubject = Pick<Report, "userId" | "messageId">;

export interface ReportDialogProps {
  readonly subject: ReportSubject;
  /** Of the person who is reported, or has written the message. */
  readonly name: string;
  onClose(): void;
}

/** As long as the server takes them, in code points. */
const MAX_NOTE = 2_000;

/** Tells the moderators what is wrong with a person or a message, and what happens to that. */
export function ReportForm({ subject, name, onClose }: ReportDialogProps): ReactNode {
  const { t } = useRoomsTranslation();
  const { t: tell } = useTranslation();
  const [existing, setExisting] = useState<boolean | null>(null);
  const title = subject.messageId === undefined ? t("report.title", { name }) : t("report.titleMessage");
  return (
    <Dialog title={title} closeLabel={tell("app.close")} onClose={onClose}>
      {existing === null ? (
        <Questions subject={subject} name={name} onReported={setExisting} />
      ) : (
        <div className="hc-room-dialog" role="status">
          <p className="hc-room-dialog__text">{t(existing ? "report.known" : "report.thanks")}</p>
          <p className="hc-room-dialog__text">{t("report.thanksKept")}</p>
          <div className="hc-room-dialog__buttons">
            <Button variant="primary" autoFocus onClick={onClose}>
              {t("report.done")}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

interface QuestionsProps extends Omit<ReportDialogProps, "onClose"> {
  onReported(existing: boolean): void;
}

function Questions({ subject, name, onReported }: QuestionsProps): ReactNode {
  const { t } = useRoomsTranslation();
  const { t: tell } = useTranslation();
  const people = useRoomRequests();
  const [reason, setReason] = useState<Report["reason"] | null>(null);
  const [note, setNote] = useState("");
  const [error, setError] = useState<ChatError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const group = useId();
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (reason === null || isBusy) return;
    setIsBusy(true);
    people.report({ ...subject, reason, ...(note.trim() !== "" && { note: note.trim() }) }).then(
      (answer) => onReported(answer.existing),
      (cause: unknown) => {
        setError(toChatError(cause));
        setIsBusy(false);
      },
    );
  };
  return (
    <form className="hc-room-dialog" onSubmit={send}>
      <fieldset className="hc-room-dialog__reasons">
        <legend className="hc-room-dialog__label">{t("report.why")}</legend>
        {reportReasons.map((choice) => (
          <label key={choice} className="hc-room-dialog__reason">
            <input type="radio" name={group} checked={choice === reason} onChange={() => setReason(choice)} />
            {t(`report.reason.${choice}`)}
          </label>
        ))}
      </fieldset>
      <label>
        <span className="hc-room-dialog__label">{t("report.note")}</span>
        <textarea
          className="hc-field"
          rows={3}
          value={note}
          onChange={(event) => setNote(limitInput(event.target, MAX_NOTE))}
        />
      </label>
      <p className="hc-room-dialog__hint">
        {subject.messageId === undefined ? t("report.what", { name }) : t("report.whatMessage")}
      </p>
      <div role="alert">
        {error !== null && <Banner tone="danger">{t("rooms.failed", { reason: describeError(error, tell) })}</Banner>}
      </div>
      <div className="hc-room-dialog__buttons">
        <Button type="submit" variant="primary" disabled={reason === null || isBusy}>
          {t("report.send")}
        </Button>
      </div>
    </form>
  );
}
