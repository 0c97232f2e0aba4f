import { useRef, type ReactNode } from "react";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment } from "../../realtime/types";
import { Spinner } from "../../ui/Spinner";
import { FileCard } from "./FileCard";
import { placeholderOf } from "./placeholder";
import { useFilesTexts } from "./useFilesTexts";
import { useFileUrl } from "./useFileUrl";
import { useFilm } from "./useFilm";

interface FilmProps {
  readonly file: Attachment;
  readonly place: FilePlace | null;
  readonly label: string;
  /** It plays as soon as it can: somebody has asked for that. */
  readonly isStarted: boolean;
}

/** A video with the browser's own controls. What cannot be played can be downloaded. */
export function Film({ file, place, label, isStarted }: FilmProps): ReactNode {
  const { t } = useFilesTexts();
  const video = useRef<HTMLVideoElement>(null);
  const { phase, url, startAt, onError } = useFilm(place, file);
  const poster = useFileUrl(place, file, "preview", file.previewUrl !== null).url ?? placeholderOf(file.placeholder);
  if (phase === "failed" || phase === "away") {
    return (
      <div className="hc-film hc-film--failed">
        <p role="status">{t(phase === "away" ? "files.away" : "files.unplayable")}</p>
        <FileCard file={{ ...file, kind: "file" }} place={place} />
      </div>
    );
  }
  if (url === null) {
    return (
      <div className="hc-film">
        {poster !== null && <img className="hc-picture__image" src={poster} alt="" />}
        <Spinner size={28} label={label} />
      </div>
    );
  }
  return (
    <video
      ref={video}
      className="hc-film"
      src={url}
      poster={poster ?? undefined}
      aria-label={label}
      controls
      playsInline
      autoPlay={isStarted}
      preload="metadata"
      onLoadedMetadata={(event) => {
        if (startAt > 0) event.currentTarget.currentTime = startAt;
      }}
      onError={(event) => onError(event.currentTarget.currentTime)}
    />
  );
}
