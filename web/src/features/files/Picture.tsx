import { useState, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { FilePlace } from "../../realtime/keptFiles";
import type { ConversationItem } from "../../realtime/types";
import { classNames } from "../../ui/classNames";
import { AlertIcon, OfflineIcon } from "../../ui/icons";
import { PlayIcon } from "../../ui/playIcons";
import type { ShownFile } from "./frame";
import { Film } from "./Film";
import { placeholderOf } from "./placeholder";
import { Progress } from "./Progress";
import { altOf, clockOf, isSent } from "./shown";
import { useFilesTexts } from "./useFilesTexts";
import { useFileUrl } from "./useFileUrl";

interface PictureProps {
  readonly item: Pick<ConversationItem, "sender">;
  readonly file: ShownFile;
  readonly place: FilePlace | null;
  readonly nth: number;
  readonly count: number;
  /** So many more are behind it. */
  readonly hidden: number;
  /** It is to be seen whole; `from` has the focus. */
  onOpen(from: HTMLElement): void;
}

/** A moving picture is shown as it moves, unless it is large. */
const MAX_MOVING_BYTES = 3_000_000;

/** One picture or video of a message. A press shows it whole. */
export function Picture(props: PictureProps): ReactNode {
  const { file, count, onOpen } = props;
  const [isPlaying, setIsPlaying] = useState(false);
  const { t } = useFilesTexts();
  const isFilm = file.kind === "video";
  const name = useNameOf(props);
  if (isFilm && isPlaying && isSent(file)) return <Film file={file} place={props.place} label={name} isStarted />;
  const open = (from: HTMLElement): void => {
    // Alone, a video plays where it is.
    if (isFilm && count === 1 && isSent(file)) setIsPlaying(true);
    else onOpen(from);
  };
  return (
    <div className="hc-picture">
      <button
        type="button"
        className="hc-picture__button"
        aria-label={isFilm ? t("files.play", { name }) : name}
        disabled={!isSent(file)}
        onClick={(event) => open(event.currentTarget)}
      >
        <Inside {...props} name={name} />
      </button>
      {!isSent(file) && <Progress file={file} />}
    </div>
  );
}

/** What it shows, and which of how many it is. */
function useNameOf({ item, file, nth, count, hidden }: PictureProps): string {
  const { t } = useFilesTexts();
  const { locale } = useTranslation();
  const alt = altOf(file, item, t);
  const name = count === 1 ? alt : t("files.nthOf", { alt, nth, count });
  const lasts = file.kind === "video" && file.durationMs !== null ? clockOf(Math.round(file.durationMs / 1000)) : "";
  // What is written on it belongs to its name.
  return [name, lasts, hidden > 0 ? `+${formatNumber(hidden, locale)}` : ""].filter(Boolean).join(", ");
}

function Inside({ file, place, hidden }: PictureProps & { readonly name: string }): ReactNode {
  const { t } = useFilesTexts();
  const { locale } = useTranslation();
  const { phase, url, distrust } = usePictureUrl(file, place);
  const [isDrawn, setIsDrawn] = useState(false);
  const placeholder = isSent(file) ? placeholderOf(file.placeholder) : null;
  return (
    <>
      {placeholder !== null && <img className="hc-picture__image" src={placeholder} alt="" draggable={false} />}
      {url !== null && (
        <img
          // What is on its way from here is there at once.
          className={classNames("hc-picture__image", !isDrawn && isSent(file) && "hc-picture__image--coming")}
          src={url}
          alt=""
          draggable={false}
          decoding="async"
          onLoad={() => setIsDrawn(true)}
          onError={distrust}
        />
      )}
      {phase === "away" && <Missing icon={<OfflineIcon size={22} />} text={t("files.away")} />}
      {phase === "gone" && <Missing icon={<AlertIcon size={22} />} text={t("files.gone")} />}
      {file.kind === "video" && phase !== "gone" && (
        <span className="hc-on-picture hc-on-picture--large">
          <PlayIcon size={26} />
        </span>
      )}
      {file.kind === "video" && file.durationMs !== null && (
        <span className="hc-picture__badge">{clockOf(Math.round(file.durationMs / 1000))}</span>
      )}
      {hidden > 0 && <span className="hc-picture__more">+{formatNumber(hidden, locale)}</span>}
    </>
  );
}

function usePictureUrl(file: ShownFile, place: FilePlace | null) {
  const [isStill] = useState(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  const moves = file.kind === "image" && file.durationMs !== null && file.size <= MAX_MOVING_BYTES && !isStill;
  const hasPreview = isSent(file) && file.previewUrl !== null;
  const isFilm = file.kind === "video";
  // A video without a picture of itself is a dark field with a button. One that is on its way, too.
  const isWanted = isFilm ? hasPreview : true;
  return useFileUrl(place, file, moves || !hasPreview ? "content" : "preview", isWanted);
}

function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

function Missing({ icon, text }: { readonly icon: ReactNode; readonly text: string }): ReactNode {
  return (
    <span className="hc-picture__missing">
      {icon}
      {text}
    </span>
  );
}
