import { useCallback, useMemo, type KeyboardEvent, type ReactNode } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore, useStoreSelector } from "../../lib/useStore";
import type { FilePlace } from "../../realtime/keptFiles";
import type { User } from "../../realtime/types";
import { PauseIcon, PlayIcon } from "../../ui/playIcons";
import { say } from "../../ui/snacks";
import { Spinner } from "../../ui/Spinner";
import { FileCard } from "./FileCard";
import { FileName } from "./FileName";
import type { ShownFile } from "./frame";
import { RATES, thePlayer, type Playing, type Track } from "./player";
import { Progress } from "./Progress";
import { clockOf, isSent } from "./shown";
import { useFilesTexts } from "./useFilesTexts";
import { useTrack } from "./useTrack";
import { Waveform } from "./Waveform";

interface VoiceProps {
  readonly sender: User;
  readonly file: ShownFile;
  readonly place: FilePlace | null;
}

/** Something to listen to: play, where it is and how long, and how fast. What cannot be played can be downloaded. */
export function Voice({ sender, file, place }: VoiceProps): ReactNode {
  const { t } = useFilesTexts();
  const player = thePlayer();
  const track = useTrack(place, file);
  const playing = useStoreSelector(
    player.state,
    useCallback((state) => (state.id === file.id ? state : null), [file.id]),
  );
  if (playing?.phase === "failed" && isSent(file)) return <FileCard file={file} place={place} />;
  const isPlaying = playing?.phase === "playing";
  const name = file.kind === "voice" ? t("files.voiceFrom", { name: sender.name }) : file.name;
  return (
    <div className="hc-voice" role="group" aria-label={name}>
      <button
        type="button"
        className="hc-voice__play"
        aria-label={t(isPlaying ? "files.pauseVoice" : "files.playVoice")}
        onClick={() => void player.toggle(track).catch(() => say(t("files.away")))}
      >
        {playing?.phase === "loading" ? (
          <Spinner size={20} label="" />
        ) : isPlaying ? (
          <PauseIcon size={22} />
        ) : (
          <PlayIcon size={22} />
        )}
      </button>
      <div className="hc-voice__middle">
        {file.kind === "audio" && <FileName name={file.name} />}
        <Position file={file} track={track} playing={playing} />
      </div>
      {isSent(file) ? <Rate /> : <Progress file={file} />}
    </div>
  );
}

interface PositionProps {
  readonly file: ShownFile;
  readonly track: Track;
  readonly playing: Playing | null;
}

/** So far an arrow key goes, in seconds; in what is short, a tenth of it. */
const STEP = 5;

/** Where it is: a slider over the levels of what was spoken. */
function Position({ file, track, playing }: PositionProps): ReactNode {
  const { t } = useFilesTexts();
  const player = thePlayer();
  const known = (file.durationMs ?? 0) / 1000;
  const duration = playing !== null && playing.duration > 0 ? playing.duration : known;
  const position = Math.min(playing?.position ?? 0, duration);
  const words = { position: clockOf(position), duration: clockOf(Math.round(duration)) };
  const seek = (to: number): void => void player.seek(track, to).catch(() => say(t("files.away")));
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = keyTarget(event.key, position, duration);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation(); // the list of messages has ends of its own
    seek(to);
  };
  return (
    <>
      <div className="hc-voice__slider">
        <Waveform levels={file.waveform} part={duration > 0 ? position / duration : 0} />
        <input
          type="range"
          className="hc-voice__range"
          min={0}
          max={duration || 1}
          step={0.05}
          value={position}
          aria-label={t("files.position")}
          aria-valuetext={t("files.positionOf", words)}
          onChange={(event) => seek(Number(event.target.value))}
          onKeyDown={ownKeys(onKeyDown)}
        />
      </div>
      <span className="hc-voice__time" aria-hidden="true">
        {playing !== null && position > 0 ? words.position : words.duration}
      </span>
    </>
  );
}

function keyTarget(key: string, position: number, duration: number): number | null {
  const step = Math.min(STEP, duration / 10);
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return position + step;
    case "ArrowLeft":
    case "ArrowDown":
      return position - step;
    case "PageUp":
      return position + 3 * step;
    case "PageDown":
      return position - 3 * step;
    case "Home":
      return 0;
    case "End":
      return duration;
    default:
      return null;
  }
}

/** How fast all that is spoken is played. */
function Rate(): ReactNode {
  const { t } = useFilesTexts();
  const { locale } = useTranslation();
  const player = thePlayer();
  const rate = useStore(player.rate);
  const shown = useMemo(() => `${new Intl.NumberFormat(locale).format(rate)}×`, [locale, rate]);
  const next = RATES[(RATES.findIndex((known) => known === rate) + 1) % RATES.length] ?? 1;
  return (
    <button
      type="button"
      className="hc-voice__rate"
      aria-label={t("files.speed", { rate: shown })}
      onClick={() => player.setRate(next)}
    >
      <span>{shown}</span>
    </button>
  );
}
