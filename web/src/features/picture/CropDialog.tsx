import { useRef, useState, type ReactNode } from "react";

import { sizeOf } from "../../lib/format/fileSize";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Spinner } from "../../ui/Spinner";
import { MAX_BYTES } from "./bitmap";
import "./Crop.css";
import { CropForm, type SendPicture } from "./CropForm";
import { PictureInput } from "./PictureInput";
import { useOpened } from "./useOpened";
import { usePictureTexts } from "./usePictureTexts";

export interface CropDialogProps {
  readonly file: File;
  readonly send: SendPicture;
  /** It is done, or nobody wants it any more. */
  onClose(): void;
}

/** Has somebody choose a square of a picture. */
export function CropDialog({ file: first, send, onClose }: CropDialogProps): ReactNode {
  const { t } = usePictureTexts();
  const { t: tOfAll } = useTranslation();
  const [file, setFile] = useState(first);
  const opened = useOpened(file);
  return (
    <Dialog title={t("crop.title")} closeLabel={tOfAll("app.close")} onClose={onClose}>
      <div className="hc-crop">
        {opened === null && (
          <div className="hc-crop__opening">
            <Spinner size={32} label={t("crop.opening")} />
          </div>
        )}
        {opened?.problem === null && <CropForm picture={opened.picture} send={send} onClose={onClose} />}
        <div role="alert" className="hc-crop__alert">
          {opened?.picture === null && <Unopened file={file} problem={opened.problem} onChoose={setFile} />}
        </div>
      </div>
    </Dialog>
  );
}

interface UnopenedProps {
  readonly file: File;
  readonly problem: "unreadable" | "tooLarge";
  onChoose(file: File): void;
}

/** Why a file cannot be shown, and the way to another one. */
function Unopened({ file, problem, onChoose }: UnopenedProps): ReactNode {
  const { t } = usePictureTexts();
  const { locale } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const { name } = file;
  const isHeic = /\.hei[cf]$/i.test(name) || /^image\/hei[cf]$/.test(file.type);
  return (
    <>
      <p>
        {problem === "tooLarge"
          ? t("crop.tooLarge", { name, size: sizeOf(MAX_BYTES, locale) })
          : t(isHeic ? "crop.heic" : "crop.unreadable", { name })}
      </p>
      <div className="hc-crop__buttons">
        <Button variant="primary" onClick={() => input.current?.click()}>
          {t("crop.other")}
        </Button>
      </div>
      <PictureInput ref={input} onChoose={onChoose} />
    </>
  );
}
