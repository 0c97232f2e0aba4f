import { useEffect, useRef, type MouseEvent, type ReactNode, type RefObject } from "react";
import { Button } from "../../ui/Button";
import { CameraIcon } from "../../ui/CameraIcon";
import { IconButton } from "../../ui/IconButton";
import type { CameraView } from "./camera";
import { useCameraTexts } from "./useCameraTexts";

interface CameraButtonsProps {
  readonly view: CameraView;
  onTake(): void;
  onUse(picture: File): void;
  onAgain(): void;
  onInstead(): void;
}

/** What can be done next. The nearest of it has the focus. */
export function CameraButtons({ view, onTake, onUse, onAgain, onInstead }: CameraButtonsProps): ReactNode {
  switch (view.phase) {
    case "taken":
      return <Taken onUse={() => onUse(view.picture)} onAgain={onAgain} />;
    case "failed":
      return <Failed onAgain={onAgain} onInstead={onInstead} />;
    default:
      return <Shutter isReady={view.phase === "live"} onTake={onTake} />;
  }
}

function Shutter({ isReady, onTake }: { readonly isReady: boolean; onTake(): void }): ReactNode {
  const { t } = useCameraTexts();
  return (
    <IconButton
      ref={useFirstFocus()}
      variant="primary"
      className="hc-camera__shutter"
      label={t("camera.take")}
      aria-disabled={!isReady}
      onClick={() => isReady && onTake()}
    >
      <CameraIcon size={28} />
    </IconButton>
  );
}

function Taken({ onUse, onAgain }: { onUse(): void; onAgain(): void }): ReactNode {
  const { t } = useCameraTexts();
  return (
    <div className="hc-camera__buttons">
      <Button onClick={ofOnePress(onAgain)}>{t("camera.again")}</Button>
      <Button ref={useFirstFocus()} variant="primary" onClick={ofOnePress(onUse)}>
        {t("camera.use")}
      </Button>
    </div>
  );
}

function Failed({ onAgain, onInstead }: { onAgain(): void; onInstead(): void }): ReactNode {
  const { t } = useCameraTexts();
  return (
    <div className="hc-camera__buttons">
      <Button onClick={onInstead}>{t("camera.instead")}</Button>
      <Button ref={useFirstFocus()} variant="primary" onClick={onAgain}>
        {t("camera.retry")}
      </Button>
    </div>
  );
}

/** The second press of a double click on the shutter is meant for that. */
function ofOnePress(act: () => void): (event: MouseEvent) => void {
  return ({ detail }) => {
    if (detail <= 1) act();
  };
}

/** Whoever is choosing among cameras goes on with that. */
function useFirstFocus(): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!(document.activeElement instanceof HTMLSelectElement)) button.current?.focus();
  }, []);
  return button;
}
