import type { ReactNode } from "react";

import { formatFull } from "../../lib/format/dates";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { classNames } from "../../ui/classNames";
import { Chip } from "../desk/Chip";
import { FullMoment } from "../desk/Moment";
import type { Evidence, Message, ReportWithEvidence } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import { EvidenceFile } from "./EvidenceFile";
import "./EvidenceView.css";

interface EvidenceViewProps {
  readonly report: Pick<ReportWithEvidence, "id" | "state" | "messageId" | "evidence">;
}

/** Of which report the files are, and which of them can be opened. */
interface HeldFiles {
  readonly reportId: string;
  readonly ids: ReadonlySet<string>;
}

/** What was kept when the report was made: the message among those around it, as they were. Files are told, and not shown. */
export function EvidenceView({ report }: EvidenceViewProps): ReactNode {
  const { t } = useConsoleTexts();
  const { message, around, versions, profile, heldFiles, heldUntil } = report.evidence;
  // What is decided meanwhile opens nothing any more.
  const held: HeldFiles = { reportId: report.id, ids: new Set(report.state === "open" ? heldFiles : []) };
  const all = [...around, ...(message === null ? [] : [message])].sort((one, other) => one.seq - other.seq);
  return (
    <section className="hc-evidence" aria-label={t("console.evidence.heading")}>
      <h3 className="hc-desk__heading">{t("console.evidence.heading")}</h3>
      <p className="hc-desk__hint">{t("console.evidence.hint")}</p>
      {profile !== null && <p className="hc-desk__hint">{t("console.evidence.profile", { name: profile.name })}</p>}
      <FilesHint hasFiles={all.some(({ attachments }) => attachments.length > 0)} held={held} until={heldUntil} />
      {all.length === 0 && <p className="hc-desk__hint">{t("console.evidence.none")}</p>}
      <ol className="hc-evidence__messages">
        {all.map((each) => (
          <EvidenceMessage key={each.id} message={each} isReported={each.id === report.messageId} held={held}>
            {each.id === message?.id && versions.length > 0 && <Versions versions={versions} />}
          </EvidenceMessage>
        ))}
      </ol>
    </section>
  );
}

interface FilesHintProps {
  readonly hasFiles: boolean;
  readonly held: HeldFiles;
  readonly until: string | null;
}

/** Why files are hidden, or cannot be opened. */
function FilesHint({ hasFiles, held, until }: FilesHintProps): ReactNode {
  const { t } = useConsoleTexts();
  const { locale } = useTranslation();
  if (!hasFiles) return null;
  if (held.ids.size === 0 || until === null) {
    return <p className="hc-desk__hint">{t("console.evidence.filesClosed")}</p>;
  }
  return <p className="hc-desk__hint">{t("console.evidence.filesHidden", { until: formatFull(until, locale) })}</p>;
}

interface EvidenceMessageProps {
  readonly message: Message;
  readonly isReported: boolean;
  readonly held: HeldFiles;
  readonly children: ReactNode;
}

function EvidenceMessage({ message, isReported, held, children }: EvidenceMessageProps): ReactNode {
  const { t } = useConsoleTexts();
  const { attachments } = message;
  // Messages of the first design have one file, in their metadata.
  const first = message.metadata?.name;
  const isEmpty = attachments.length === 0 && typeof first !== "string";
  return (
    <li className={classNames("hc-evidence__message", isReported && "hc-evidence__message--reported")}>
      <p className="hc-evidence__line">
        <bdi className="hc-evidence__sender">{message.sender.name}</bdi>
        <FullMoment at={message.createdAt} />
        {isReported && <Chip tone="danger">{t("console.evidence.reported")}</Chip>}
        {message.deletedAt !== null && <Chip>{t("console.evidence.deleted")}</Chip>}
        {message.editedAt !== null && <Chip>{t("console.evidence.edited")}</Chip>}
      </p>
      {message.replyTo !== null && (
        <blockquote className="hc-evidence__quote" dir="auto">
          {message.replyTo.content}
        </blockquote>
      )}
      {(message.content !== "" || isEmpty) && (
        <p className="hc-evidence__text" dir="auto">
          {message.content === "" ? t("console.evidence.empty") : message.content}
        </p>
      )}
      {typeof first === "string" && <p className="hc-desk__hint">{t("console.evidence.file", { name: first })}</p>}
      {attachments.map((file) => (
        <EvidenceFile key={file.id} file={file} reportId={held.reportId} isHeld={held.ids.has(file.id)} />
      ))}
      {children}
    </li>
  );
}

function Versions({ versions }: { readonly versions: Evidence["versions"] }): ReactNode {
  const { t } = useConsoleTexts();
  return (
    <div className="hc-evidence__versions">
      <p className="hc-desk__hint">{t("console.evidence.before")}</p>
      <ol>
        {versions.map((version) => (
          <li key={version.createdAt}>
            <FullMoment at={version.createdAt} />
            <p className="hc-evidence__text" dir="auto">
              {version.content}
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}
