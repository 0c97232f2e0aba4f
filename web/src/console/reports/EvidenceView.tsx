import type { ReactNode } from "react";

import { classNames } from "../../ui/classNames";
import { Chip } from "../desk/Chip";
import { FullMoment } from "../desk/Moment";
import type { Evidence, Message } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import "./EvidenceView.css";

interface EvidenceViewProps {
  readonly evidence: Evidence;
  readonly messageId: string | null;
}

/** What was kept when the report was made: the message among those around it, as they were. All of it is text. */
export function EvidenceView({ evidence, messageId }: EvidenceViewProps): ReactNode {
  const { t } = useConsoleTexts();
  const { message, around, versions, profile } = evidence;
  const all = [...around, ...(message === null ? [] : [message])].sort((one, other) => one.seq - other.seq);
  return (
    <section className="hc-evidence" aria-label={t("console.evidence.heading")}>
      <h3 className="hc-desk__heading">{t("console.evidence.heading")}</h3>
      <p className="hc-desk__hint">{t("console.evidence.hint")}</p>
      {profile !== null && <p className="hc-desk__hint">{t("console.evidence.profile", { name: profile.name })}</p>}
      {all.length === 0 && <p className="hc-desk__hint">{t("console.evidence.none")}</p>}
      <ol className="hc-evidence__messages">
        {all.map((each) => (
          <EvidenceMessage key={each.id} message={each} isReported={each.id === messageId}>
            {each.id === message?.id && versions.length > 0 && <Versions versions={versions} />}
          </EvidenceMessage>
        ))}
      </ol>
    </section>
  );
}

interface EvidenceMessageProps {
  readonly message: Message;
  readonly isReported: boolean;
  readonly children: ReactNode;
}

function EvidenceMessage({ message, isReported, children }: EvidenceMessageProps): ReactNode {
  const { t } = useConsoleTexts();
  const files = filesOf(message);
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
      {(message.content !== "" || files.length === 0) && (
        <p className="hc-evidence__text" dir="auto">
          {message.content === "" ? t("console.evidence.empty") : message.content}
        </p>
      )}
      {files.map(({ id, name }) => (
        <p key={id} className="hc-desk__hint">
          {t("console.evidence.file", { name })}
        </p>
      ))}
      {children}
    </li>
  );
}

/** What was attached to it. Messages of the first design have one file, in their metadata. */
function filesOf({ id, attachments, metadata }: Message): readonly { readonly id: string; readonly name: string }[] {
  const first = metadata?.name;
  return typeof first === "string" ? [{ id, name: first }] : attachments;
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
