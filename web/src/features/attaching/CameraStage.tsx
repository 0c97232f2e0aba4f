import { useEffect, useState, type ReactNode, type RefObject } from "react";
import { classNames } from "../../ui/classNames";
import { AlertIcon } from "../../ui/icons";
import { Spinner } from "../../ui/Spinner";
import { isMirrored, type CameraView } from "./camera";
import { useCameraTexts } from "./useCameraTexts";

interface CameraStageProps {
  readonly view: CameraView;
  readonly video: RefObject<HTMLVideoElement | null>;
  /** The first picture of a camera is on the screen. */
  onShown(): void;
}

/** The film, the still, or why there is neither. It has the form of what the camera sends. */
export function CameraStage({ view, video, onShown }: CameraStageProps): ReactNode {
  const { t } = useCameraTexts();
  const [ratio, setRatio] = useState(16 / 9);
  const { phase } = view;
  const stream = "stream" in view ? view.stream : null;
  return (
    <div className="hc-camera__stage" style={{ aspectRatio: ratio }} data-phase={phase}>
      {stream !== null && (
        <Film
          stream={stream}
          video={video}
          onShown={({ videoWidth, videoHeight }) => {
            if (videoHeight > 0) setRatio(videoWidth / videoHeight);
            onShown();
          }}
        />
      )}
      {phase === "waiting" && (
        <div className="hc-camera__words" aria-hidden="true">
          <Spinner size={32} />
          <p>{t("camera.waiting")}</p>
        </div>
      )}
      {phase === "taken" && <Still picture={view.picture} />}
      <div role="alert" className="hc-camera__alert">
        {phase === "failed" && (
          <div className="hc-camera__words">
            <AlertIcon size={32} />
            <p>{t(`camera.${view.reason}`)}</p>
          </div>
        )}
      </div>
    </div>
  );
}

interface FilmProps {
  readonly stream: MediaStream;
  readonly video: RefObject<HTMLVideoElement | null>;
  onShown(film: HTMLVideoElement): void;
}

function Film({ stream, video, onShown }: FilmProps): ReactNode {
  const { t } = useCameraTexts();
  useEffect(() => {
    const film = video.current;
    if (film === null) return;
    film.srcObject = stream;
    return () => {
      film.srcObject = null;
    };
  }, [stream, video]);
  return (
    <video
      ref={video}
      className={classNames("hc-camera__picture", isMirrored(stream) && "hc-camera__picture--mirrored")}
      aria-label={t("camera.preview")}
      autoPlay
      muted
      playsInline
      onLoadedData={({ currentTarget }) => onShown(currentTarget)}
    />
  );
}

function Still({ picture }: { readonly picture: File }): ReactNode {
  const { t } = useCameraTexts();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return url !== null && <img className="hc-camera__picture" src={url} alt={t("camera.still")} />;
}
