import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import "./UploadProgress.css";
import { usePictureTexts } from "./usePictureTexts";

interface UploadProgressProps {
  /** From 0 to 1; at 1 the server looks at it. Null while nothing is on its way. */
  readonly part: number | null;
}

/** How far a picture is on its way. Those who do not see it are told of its beginning, and when all of it has been sent. */
export function UploadProgress({ part }: UploadProgressProps): ReactNode {
  const { t } = usePictureTexts();
  const { locale } = useTranslation();
  const percents = new Intl.NumberFormat(locale, { style: "percent" });
  const say = (sent: number): string =>
    sent < 1 ? t("crop.uploading", { percent: percents.format(sent) }) : t("crop.looking");
  return (
    <>
      {part !== null && (
        <div className="hc-upload">
          <div
            role="progressbar"
            aria-label={t("crop.progress")}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(part * 100)}
            aria-valuetext={say(part)}
            className="hc-upload__track"
          >
            <div className="hc-upload__bar" style={{ inlineSize: `${part * 100}%` }} />
          </div>
          <p className="hc-upload__words" aria-hidden="true">
            {say(part)}
          </p>
        </div>
      )}
      <p role="status" className="hc-hidden">
        {part !== null && say(Math.floor(part))}
      </p>
    </>
  );
}
