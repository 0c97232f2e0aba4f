import type { ReactNode, RefObject } from "react";

import { usePictureTexts } from "./usePictureTexts";

interface PictureInputProps {
  readonly ref: RefObject<HTMLInputElement | null>;
  onChoose(file: File): void;
}

/** Opens the device's own choice of a picture, which has the camera on a phone. Never seen. */
export function PictureInput({ ref, onChoose }: PictureInputProps): ReactNode {
  const { t } = usePictureTexts();
  return (
    <input
      ref={ref}
      type="file"
      hidden
      accept="image/*"
      aria-label={t("picture.file")}
      onChange={({ target }) => {
        const file = target.files?.[0];
        // The same file may be chosen again.
        target.value = "";
        if (file !== undefined) onChoose(file);
      }}
    />
  );
}
