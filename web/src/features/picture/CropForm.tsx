import { useEffect, useRef, useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useRefusals } from "../../lib/i18n/useRefusals";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Following } from "../../realtime/groupPicture";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { MinusIcon, PlusIcon } from "../../ui/signIcons";
import { cut } from "./bitmap";
import { partAt, scaleAt, WHOLE, zoomTo, type Crop } from "./crop";
import { CropStage } from "./CropStage";
import { describePictureError } from "./describePictureError";
import { UploadProgress } from "./UploadProgress";
import { usePictureTexts } from "./usePictureTexts";

/** Takes what was cut out; the same square again is the same blob. Rejects with why it could not be taken. */
export type SendPicture = (blob: Blob, how: Following) => Promise<void>;

interface CropFormProps {
  readonly picture: ImageBitmap;
  readonly send: SendPicture;
  onClose(): void;
}

/** The square, its zoom, and what becomes of it. After a failure it is as it was. */
export function CropForm({ picture, send, onClose }: CropFormProps): ReactNode {
  const { t } = usePictureTexts();
  const describeRefusal = useRefusals();
  const [crop, setCrop] = useState<Crop>(WHOLE);
  const { part, error, start } = useSending(picture, crop, send, onClose);
  const isBusy = part !== null;
  return (
    <>
      <div className="hc-crop__choice" inert={isBusy}>
        <CropStage picture={picture} crop={crop} change={setCrop} />
        <Zoom crop={crop} picture={picture} change={setCrop} />
      </div>
      <div role="alert" className="hc-crop__alert">
        {error !== null && (
          <Banner tone="danger">
            {t("picture.failed", { reason: describePictureError(error, t, describeRefusal) })}
          </Banner>
        )}
      </div>
      <UploadProgress part={part} />
      <div className="hc-crop__buttons">
        <Button onClick={onClose}>{t("crop.cancel")}</Button>
        <Button variant="primary" aria-disabled={isBusy} onClick={() => !isBusy && void start()}>
          {t(error === null ? "crop.use" : "crop.again")}
        </Button>
      </div>
    </>
  );
}

interface ZoomProps {
  readonly picture: ImageBitmap;
  readonly crop: Crop;
  change(next: (before: Crop) => Crop): void;
}

function Zoom({ picture, crop, change }: ZoomProps): ReactNode {
  const { t } = usePictureTexts();
  const { locale } = useTranslation();
  const percent = new Intl.NumberFormat(locale, { style: "percent" }).format(crop.scale);
  return (
    <label className="hc-crop__zoom">
      <MinusIcon />
      <input
        type="range"
        aria-label={t("crop.zoom")}
        aria-valuetext={percent}
        min={0}
        max={1}
        step={0.02}
        value={partAt(crop.scale)}
        onChange={({ target }) => {
          const scale = scaleAt(target.valueAsNumber);
          change((before) => zoomTo(before, scale, picture));
        }}
      />
      <PlusIcon />
    </label>
  );
}

/** `part`: how much has been sent, from 0 to 1; null while nothing is on its way. */
function useSending(picture: ImageBitmap, crop: Crop, send: SendPicture, onClose: () => void) {
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<ChatError | null>(null);
  const last = useRef<{ readonly crop: Crop; readonly blob: Blob } | null>(null);
  const ending = useRef(new AbortController());
  useEffect(() => () => ending.current.abort(), []);
  const start = async (): Promise<void> => {
    const { signal } = (ending.current = new AbortController());
    const isOver = (): boolean => signal.aborted;
    setError(null);
    setPart(0);
    try {
      if (last.current?.crop !== crop) last.current = { crop, blob: await cut(picture, crop) };
      if (isOver()) return;
      await send(last.current.blob, { signal, onProgress: setPart });
      if (!isOver()) onClose();
    } catch (cause) {
      if (isOver()) return;
      setError(toChatError(cause));
      setPart(null);
    }
  };
  return { part, error, start };
}
