import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { useStore } from "../../lib/useStore";
import { Camera, type CameraView } from "./camera";
import { CameraButtons } from "./CameraButtons";
import { CameraChoice } from "./CameraChoice";
import { CameraStage } from "./CameraStage";
import { useCameraTexts } from "./useCameraTexts";

export interface CameraPaneProps {
  /** Takes the picture that somebody has chosen: JPEG, as large as the camera sends it. */
  onUse(picture: File): void;
  /** Leads to a file in place of a camera that cannot be had. */
  onInstead(): void;
}

/** What the camera sees, the picture that was taken of it, and the ways on. The camera is open as long as this is shown. */
export function CameraPane({ onUse, onInstead }: CameraPaneProps): ReactNode {
  const { t } = useCameraTexts();
  const [camera] = useState(() => new Camera());
  const view = useStore(camera.view);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => camera.begin(), [camera]);
  const take = (): void => {
    if (video.current !== null) void camera.take(video.current);
  };
  const spoken = spokenOf(view);
  return (
    <div className="hc-camera" onKeyDown={ownKeys(ignoreRepeats)}>
      <CameraStage view={view} video={video} onShown={camera.show} />
      <p role="status" className="hc-hidden">
        {spoken !== null && t(spoken)}
      </p>
      <div className="hc-camera__bar" data-phase={view.phase}>
        {view.phase !== "taken" && <CameraChoice camera={camera} isBusy={view.phase === "taking"} />}
        <CameraButtons view={view} onTake={take} onUse={onUse} onAgain={camera.again} onInstead={onInstead} />
      </div>
    </div>
  );
}

/** What those hear who do not see it. A failure is an alert of its own. */
function spokenOf({ phase }: CameraView): "camera.waiting" | "camera.live" | "camera.taken" | null {
  if (phase === "failed") return null;
  return phase === "taking" ? "camera.live" : `camera.${phase}`;
}

/** A key that is held takes one picture, and does not use it at once. */
function ignoreRepeats(event: KeyboardEvent): void {
  if (event.repeat && event.key === "Enter") event.preventDefault();
}
