import type { CSSProperties, ReactNode } from "react";
import { AlertIcon, OfflineIcon } from "../../ui/icons";
import { Spinner } from "../../ui/Spinner";
import { Film } from "./Film";
import { placeholderOf } from "./placeholder";
import { altOf } from "./shown";
import { MAX_READ_BYTES } from "./sources";
import { useFilesTexts } from "./useFilesTexts";
import { useFileUrl } from "./useFileUrl";
import type { Entry } from "./Viewer";

interface SlideProps {
  readonly entry: Entry;
  /** -1 and 1: a neighbour of what is seen. */
  readonly offset: number;
  readonly isZoomed: boolean;
}

/** One picture or video of the viewer. */
export function Slide({ entry, offset, isZoomed }: SlideProps): ReactNode {
  const { t } = useFilesTexts();
  const { file, place } = entry;
  const isCurrent = offset === 0;
  const alt = altOf(file, entry, t);
  const style = { "--hc-slide": offset, "--hc-slide-ratio": (file.width ?? 4) / (file.height ?? 3) } as CSSProperties;
  return (
    <div className="hc-slide" style={style} data-current={isCurrent ? "" : undefined} inert={!isCurrent}>
      <div className="hc-slide__frame" style={sizeOf(entry)}>
        {file.kind === "image" ? (
          <Photo entry={entry} alt={alt} isCurrent={isCurrent} isZoomed={isZoomed} />
        ) : (
          isCurrent && <Film file={file} place={place} label={alt} isStarted={false} />
        )}
      </div>
    </div>
  );
}

/** No larger than it is, where that is known. */
function sizeOf({ file: { kind, width } }: Entry): CSSProperties | undefined {
  return kind === "image" && width !== null ? { maxWidth: Math.max(width, 240) } : undefined;
}

interface PhotoProps {
  readonly entry: Entry;
  readonly alt: string;
  readonly isCurrent: boolean;
  readonly isZoomed: boolean;
}

/** What there is of it already, until it is there in full. */
function Photo({ entry: { file, place }, alt, isCurrent, isZoomed }: PhotoProps): ReactNode {
  const { t } = useFilesTexts();
  const preview = useFileUrl(place, file, file.previewUrl === null ? "content" : "preview");
  const isWhole = file.largePreviewUrl === null || isZoomed;
  const large = useFileUrl(place, file, "large", isCurrent && file.largePreviewUrl !== null);
  const whole = useFileUrl(place, file, "content", isCurrent && isWhole && file.size <= MAX_READ_BYTES);
  const url = whole.url ?? large.url ?? preview.url;
  const missing = url === null && preview.phase !== "loading" ? preview.phase : null;
  return (
    <>
      {url === null && placeholderOf(file.placeholder) !== null && (
        <img className="hc-slide__image" src={placeholderOf(file.placeholder) ?? ""} alt="" />
      )}
      {url !== null && <img className="hc-slide__image" src={url} alt={alt} draggable={false} />}
      {url === null && missing === null && <Spinner size={28} label={alt} />}
      {missing !== null && (
        <p className="hc-slide__missing" role="status">
          {missing === "gone" ? <AlertIcon size={26} /> : <OfflineIcon size={26} />}
          {t(missing === "gone" ? "files.gone" : "files.away")}
        </p>
      )}
    </>
  );
}
