import { useEffect, type ReactNode } from "react";
import { clockOf } from "../../lib/format/duration";
import { ownKeys } from "../../lib/ownKeys";
import { isBehindDialog } from "../../lib/shortcuts";
import { classNames } from "../../ui/classNames";
import { IconButton } from "../../ui/IconButton";
import { BackIcon, TrashIcon } from "../../ui/icons";
import { LockIcon, StopIcon } from "./icons";
import { WARN_MS, type Recording } from "./recorder";
import "./RecordingBar.css";
import { useAttachingTexts } from "./useAttachingTexts";

interface RecordingBarProps {
  readonly recording: Recording;
  /** Ends it, to be heard and sent later. */
  onStop(): void;
  onCancel(): void;
}

/** In the place of the input: how long somebody has spoken, how loud, and the ways to end it. */
export function RecordingBar({ recording, onStop, onCancel }: RecordingBarProps): ReactNode {
  const { t } = useAttachingTexts();
  const { phase, elapsedMs, levels } = recording;
  const isEnding = elapsedMs >= WARN_MS;
  useEscape(onCancel);
  return (
    <div className="hc-recording" role="group" aria-label={t("voice.recording")}>
      <span className="hc-hidden" role="status">
        {isEnding ? t("voice.ending") : t(phase === "asking" ? "voice.asking" : `voice.${phase}`)}
      </span>
      {phase !== "held" && (
        <IconButton label={t("voice.cancel")} className="hc-composer__round" onClick={onCancel}>
          <TrashIcon />
        </IconButton>
      )}
      {phase === "asking" ? (
        <span className="hc-recording__hint hc-truncate">{t("voice.asking")}</span>
      ) : (
        <>
          <span className="hc-recording__dot" aria-hidden="true" />
          <span className={classNames("hc-recording__time", isEnding && "hc-recording__time--ending")} role="timer">
            {clockOf(elapsedMs / 1_000)}
          </span>
          <Levels levels={levels} />
        </>
      )}
      {phase === "held" && <HoldHints />}
      {phase === "locked" && (
        <IconButton label={t("voice.stop")} className="hc-composer__round hc-recording__stop" onClick={onStop}>
          <StopIcon />
        </IconButton>
      )}
    </div>
  );
}

/** What a finger that holds the button can do. */
function HoldHints(): ReactNode {
  const { t } = useAttachingTexts();
  return (
    <>
      <span className="hc-recording__hint" aria-hidden="true">
        <BackIcon size={16} className="hc-recording__way" />
        <span className="hc-truncate">{t("voice.slide")}</span>
      </span>
      <span className="hc-recording__lock" aria-hidden="true">
        <LockIcon size={18} />
      </span>
    </>
  );
}

/** Pixels of the drawing, which is as wide as there is room. */
const STEP = 4;
const HEIGHT = 24;

/** How loud it was, the latest at the end. */
function Levels({ levels }: { readonly levels: readonly number[] }): ReactNode {
  const width = Math.max(1, levels.length) * STEP;
  const lines = levels.map((level, index) => {
    const half = Math.max(1, (level / 100) * (HEIGHT / 2 - 1));
    return `M${index * STEP + STEP / 2} ${HEIGHT / 2 - half}v${half * 2}`;
  });
  return (
    <span className="hc-recording__levels" aria-hidden="true">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <path d={lines.join("")} />
      </svg>
    </span>
  );
}

/** Wherever the keyboard is, but in a dialog or a menu, which close first. */
function useEscape(onCancel: () => void): void {
  useEffect(() => {
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      const { key, target } = event;
      const isInMenu = target instanceof Element && target.closest('[role="menu"]') !== null;
      if (key === "Escape" && !isInMenu && !isBehindDialog(event)) onCancel();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [onCancel]);
}
