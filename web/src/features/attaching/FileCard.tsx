import { useEffect, useRef, useState, type ReactNode } from "react";
import { clockOf } from "../../lib/format/duration";
import { sizeOf } from "../../lib/format/fileSize";
import { canRetry } from "../../lib/i18n/describeRefusal";
import { useRefusals } from "../../lib/i18n/useRefusals";
import type { LocalFile } from "../../realtime/types";
import { classNames } from "../../ui/classNames";
import { IconButton } from "../../ui/IconButton";
import { CloseIcon, RetryIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { AltDialog } from "./AltDialog";
import { PlayButton } from "./PlayButton";
import { Thumbnail } from "./Thumbnail";
import { useLanguage } from "./useLanguage";

/** One file of the tray: what it is, how far it is, and what can be done with it. */
export function FileCard({ file }: { readonly file: LocalFile }): ReactNode {
  const { t, locale } = useLanguage();
  const { files } = useChatClient();
  const { id, state, durationMs } = file;
  const name = useNameOf(file);
  const isRefused = state === "refused";
  const length = durationMs === null ? sizeOf(file.size, locale) : clockOf(durationMs / 1_000);
  const card = useRef<HTMLLIElement>(null);
  // A message waits for what is refused: it must not be out of sight.
  useEffect(() => {
    if (isRefused) card.current?.scrollIntoView({ block: "nearest" });
  }, [isRefused]);
  return (
    <li ref={card} className={classNames("hc-tray__card", isRefused && "hc-tray__card--refused")}>
      {file.kind === "voice" ? <PlayButton file={file} name={name} /> : <Thumbnail file={file} />}
      <div className="hc-tray__words">
        <div className="hc-tray__name hc-truncate" dir="auto" title={name}>
          {name}
        </div>
        <StateLine file={file} length={length} />
        {file.kind === "image" && !isRefused && <AltButton file={file} />}
      </div>
      {isRefused && canRetry(file.error) && (
        <IconButton label={t("tray.retryOf", { name })} onClick={() => files.retry(id)}>
          <RetryIcon size={18} />
        </IconButton>
      )}
      <IconButton label={t("tray.remove", { name })} onClick={() => files.remove(id)}>
        <CloseIcon size={18} />
      </IconButton>
      {(state === "uploading" || state === "waiting") && <Progress file={file} />}
    </li>
  );
}

/** What was spoken has no name that anybody has given. */
function useNameOf({ kind, name }: LocalFile): string {
  const { t } = useLanguage();
  return kind === "voice" ? t("voice.name") : name;
}

interface StateLineProps {
  readonly file: LocalFile;
  /** Of the file: bytes, or time. */
  readonly length: string;
}

function StateLine({ file, length }: StateLineProps): ReactNode {
  const { t, locale } = useLanguage();
  const describe = useRefusals();
  if (file.state === "refused") {
    return <div className="hc-tray__reason">{file.error !== null && describe(file.error)}</div>;
  }
  const percent = new Intl.NumberFormat(locale, { style: "percent" }).format(shareOf(file));
  return (
    <div className="hc-tray__state">
      <span>{length}</span>
      <span aria-hidden="true">·</span>
      <span>{file.state === "uploading" ? t("tray.uploading", { percent }) : t(`tray.${file.state}`)}</span>
    </div>
  );
}

function Progress({ file }: { readonly file: LocalFile }): ReactNode {
  const { t } = useLanguage();
  const name = useNameOf(file);
  const share = shareOf(file);
  return (
    <div
      role="progressbar"
      aria-label={t("tray.progress", { name })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="hc-tray__progress"
    >
      <div className="hc-tray__bar" style={{ inlineSize: `${share * 100}%` }} />
    </div>
  );
}

/** Pictures are described for those who cannot see them, if somebody likes to. */
function AltButton({ file }: { readonly file: LocalFile }): ReactNode {
  const { t } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  const { name, alt } = file;
  return (
    <>
      <button
        type="button"
        className="hc-tray__alt"
        aria-label={t(alt === "" ? "alt.addTo" : "alt.editOf", { name })}
        onClick={() => setIsOpen(true)}
      >
        {t(alt === "" ? "alt.add" : "alt.edit")}
      </button>
      {isOpen && <AltDialog file={file} onClose={() => setIsOpen(false)} />}
    </>
  );
}

/** From 0 to 1. */
function shareOf({ sentBytes, size }: LocalFile): number {
  return size === 0 ? 0 : Math.min(1, sentBytes / size);
}
