import type { ReactNode } from "react";
import { useStore } from "../../lib/useStore";
import type { Camera, Cameras } from "./camera";
import { useCameraTexts } from "./useCameraTexts";

interface CameraChoiceProps {
  readonly camera: Camera;
  readonly isBusy: boolean;
}

/** Where there are several cameras. */
export function CameraChoice({ camera, isBusy }: CameraChoiceProps): ReactNode {
  const { t } = useCameraTexts();
  const { all, current } = useStore(camera.cameras);
  if (all.length < 2) return null;
  return (
    <select
      className="hc-field hc-camera__choice"
      aria-label={t("camera.choose")}
      value={current}
      disabled={isBusy}
      onChange={({ target }) => camera.open(target.value)}
    >
      {all.map(({ id, name }, index) => (
        <option key={id} value={id}>
          {name === "" ? t("camera.nth", { number: index + 1 }) : numbered(name, all, index)}
        </option>
      ))}
    </select>
  );
}

/** Two of the same make are told apart. */
function numbered(name: string, all: Cameras["all"], index: number): string {
  const same = all.filter((camera) => camera.name === name).length;
  const nth = all.slice(0, index + 1).filter((camera) => camera.name === name).length;
  return same > 1 ? `${name} (${nth})` : name;
}
