import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import "./UploadProgress.css";
import { usePictureTexts } from "./usePictureTexts";

/** How far a picture is on its way. `part`: from 0 to 1; at 1 the server looks at it. */
export function UploadProgress({ part }: { readonly part: number }): ReactNode {
  const { t } = usePictureTexts();
  const { locale } = useTranslation();
  const percent = new Intl.NumberFormat(locale, { style: "percent" }).format(part);
  const said = part < 1 ? t("crop.uploading", { percent }) : t("crop.looking");
  return (
    <div className="hc-upload">
      <div
        role="progressbar"
        aria-label={t("crop.progress")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
        aria-valuetext={said}
        className="hc-upload__track"
      >
        <div className="hc-upload__bar" style={{ inlineSize: `${part * 100}%` }} />
      </div>
      <p className="hc-upload__words">{said}</p>
    </div>
  );
}
