import type { MouseEvent, ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment, LocalFile } from "../../realtime/types";
import { Spinner } from "../../ui/Spinner";
import { DocumentIcon } from "../../ui/icons";
import { FileName } from "./FileName";
import type { ShownFile } from "./frame";
import { DownloadIcon } from "./icons";
import { KindIcon } from "./KindIcon";
import { placeholderOf } from "./placeholder";
import { Progress } from "./Progress";
import { extensionOf, isSent, sizeOf } from "./shown";
import { MAX_READ_BYTES } from "./sources";
import { useNewest } from "./useAddress";
import { useDownload, type Download } from "./useDownload";
import { useFilesTexts } from "./useFilesTexts";
import { useFileUrl } from "./useFileUrl";
import { useSources } from "./useSources";

interface FileCardProps<File extends ShownFile = ShownFile> {
  readonly file: File;
  readonly place: FilePlace | null;
  /** Without the page of a PDF. */
  readonly isCompact?: boolean;
}

/** What is downloaded rather than shown: what it is called, what it is, how large; of a PDF its first page. */
export function FileCard({ file, place, isCompact = false }: FileCardProps): ReactNode {
  if (!isSent(file)) return <WaitingCard file={file} />;
  return file.kind === "pdf" && !isCompact ? (
    <PdfCard file={file} place={place} />
  ) : (
    <SentCard file={file} place={place} />
  );
}

function WaitingCard({ file }: { readonly file: LocalFile }): ReactNode {
  return (
    <div className="hc-file">
      {file.kind === "pdf" && (
        <div className="hc-file__page">
          <DocumentIcon size={36} />
        </div>
      )}
      <div className="hc-file__row">
        <span className="hc-hidden">{file.name}, </span>
        <Tile file={file} />
        <Words file={file} />
        <Progress file={file} />
      </div>
    </div>
  );
}

function SentCard({ file, place }: FileCardProps<Attachment>): ReactNode {
  const download = useDownload(place, file);
  return (
    <div className="hc-file">
      <DownloadRow file={file} download={download} />
    </div>
  );
}

interface DownloadRowProps {
  readonly file: Attachment;
  readonly download: Download;
}

function DownloadRow({ file, download }: DownloadRowProps): ReactNode {
  const { t } = useFilesTexts();
  const { name } = file;
  return (
    <a className="hc-file__row hc-file--link" href={download.href} download={name} onClick={download.onClick}>
      <span className="hc-hidden">{t("files.download", { name })}, </span>
      <Tile file={file} />
      <Words file={file} isGone={download.phase === "gone"} />
      {download.phase === "loading" ? (
        <Spinner size={18} label={t("files.downloading", { name })} />
      ) : (
        <DownloadIcon size={20} className="hc-file__download" />
      )}
    </a>
  );
}

/** Its page opens it in a tab of its own. */
function PdfCard({ file, place }: FileCardProps<Attachment>): ReactNode {
  const { t } = useFilesTexts();
  const sources = useSources();
  const newest = useNewest(place, file);
  const download = useDownload(place, file);
  const open = (event: MouseEvent): void => {
    if (!navigator.onLine) download.onClick(event);
    // So that it can be had again without a network.
    else if (place !== null && file.size <= MAX_READ_BYTES) sources.read(place, file, "content").catch(() => undefined);
  };
  return (
    <div className="hc-file">
      <a
        className="hc-file__page hc-file--link"
        href={sources.resolve(newest.url)}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={t("files.open", { name: file.name })}
        onClick={open}
      >
        <Page file={file} place={place} />
      </a>
      <DownloadRow file={file} download={download} />
    </div>
  );
}

function Page({ file, place }: FileCardProps<Attachment>): ReactNode {
  const { url, distrust } = useFileUrl(place, file, "preview", file.previewUrl !== null);
  const shown = url ?? placeholderOf(file.placeholder);
  if (shown === null) return <DocumentIcon size={36} />;
  return <img className="hc-file__image" src={shown} alt="" draggable={false} onError={distrust} />;
}

function Tile({ file }: { readonly file: ShownFile }): ReactNode {
  const extension = extensionOf(file.name);
  return (
    <span className="hc-file__tile" aria-hidden="true">
      {extension === "" || extension.length > 4 ? <KindIcon kind={file.kind} size={22} /> : extension}
    </span>
  );
}

interface WordsProps {
  readonly file: ShownFile;
  readonly isGone?: boolean;
}

function Words({ file, isGone = false }: WordsProps): ReactNode {
  const { t } = useFilesTexts();
  const { t: tOfAll, locale } = useTranslation();
  const type = extensionOf(file.name) || tOfAll(`files.${file.kind}`, { count: 1 });
  return (
    <span className="hc-file__words">
      <span className="hc-file__name" aria-hidden="true">
        <FileName name={file.name} />
      </span>
      <span className="hc-file__facts" role={isGone ? "status" : undefined}>
        {isGone ? t("files.gone") : `${sizeOf(file.size, locale)} · ${type}`}
      </span>
    </span>
  );
}
