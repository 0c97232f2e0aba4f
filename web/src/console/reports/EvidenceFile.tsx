import { useId, useState, type ReactNode } from "react";

import { sizeOf } from "../../lib/format/fileSize";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { Button } from "../../ui/Button";
import type { Attachment, OpenedFile } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import { useOpenedFile } from "./useOpenedFile";
import "./EvidenceFile.css";

/** Which files browsers show by themselves. All others are saved. */
const SHOWN_KINDS: ReadonlySet<Attachment["kind"]> = new Set(["image", "video", "audio", "voice", "pdf"]);

interface EvidenceFileProps {
  readonly file: Attachment;
  readonly reportId: string;
  /** Whether moderators can open it now. */
  readonly isHeld: boolean;
}

/** A file of a reported message. Nothing of it is loaded before somebody asks for it: it may be disturbing. */
export function EvidenceFile({ file, reportId, isHeld }: EvidenceFileProps): ReactNode {
  const { t } = useConsoleTexts();
  const { locale } = useTranslation();
  return (
    <div className="hc-evidence__file">
      <p className="hc-desk__hint">
        {t("console.evidence.file", { name: file.name })}
        {` · ${t(`console.fileKind.${file.kind}`)} · ${sizeOf(file.size, locale)}`}
      </p>
      {isHeld && <Hidden file={file} reportId={reportId} />}
    </div>
  );
}

function Hidden({ file, reportId }: Omit<EvidenceFileProps, "isHeld">): ReactNode {
  const { t } = useConsoleTexts();
  const { opened, isBusy, failure, toggle } = useOpenedFile(reportId, file.id);
  const contentId = useId();
  const isShown = opened !== null;
  return (
    <>
      <Button
        size="small"
        aria-label={t(isShown ? "console.evidence.hideFile" : "console.evidence.showFile", { name: file.name })}
        aria-expanded={isShown}
        aria-controls={contentId}
        aria-disabled={isBusy}
        onClick={toggle}
      >
        {t(isShown ? "console.evidence.hide" : "console.evidence.show")}
      </Button>
      <div id={contentId} className="hc-evidence__opened">
        {isShown && <Shown key={opened.url} file={file} opened={opened} />}
      </div>
      <p role="alert" className="hc-desk__failure">
        {failure}
      </p>
    </>
  );
}

interface ShownProps {
  readonly file: Attachment;
  readonly opened: OpenedFile;
}

function Shown({ file, opened }: ShownProps): ReactNode {
  const { t } = useConsoleTexts();
  const [isBroken, setIsBroken] = useState(false);
  const isShown = SHOWN_KINDS.has(file.kind);
  const label = t(isShown ? "console.evidence.openFile" : "console.evidence.saveFile", { name: file.name });
  return (
    <>
      {isBroken ? (
        <p role="alert" className="hc-desk__failure">
          {t("console.evidence.fileBroken")}
        </p>
      ) : (
        <Content file={file} opened={opened} onError={() => setIsBroken(true)} />
      )}
      <a
        className="hc-link hc-evidence__link"
        href={opened.url}
        aria-label={label}
        {...(isShown ? { target: "_blank", rel: "noopener noreferrer" } : { download: file.name })}
      >
        {t(isShown ? "console.evidence.open" : "console.evidence.save")}
      </a>
    </>
  );
}

/** As much of it as can be looked at here. */
function Content({ file, opened, onError }: ShownProps & { onError(): void }): ReactNode {
  const { t } = useConsoleTexts();
  if (file.kind === "video") {
    const poster = opened.previewUrl ?? undefined;
    return <video controls preload="none" aria-label={file.name} poster={poster} src={opened.url} onError={onError} />;
  }
  if (file.kind === "audio" || file.kind === "voice") {
    return <audio controls preload="none" aria-label={file.name} src={opened.url} onError={onError} />;
  }
  const preview = opened.largePreviewUrl ?? opened.previewUrl;
  if (preview === null) return null;
  const alt = file.alt ?? t("console.evidence.pictureOf", { name: file.name });
  return <img src={preview} alt={alt} onError={onError} />;
}
