import { Suspense, useEffect, useState, type ReactNode } from "react";

import { CameraIcon } from "../../ui/CameraIcon";
import { CropDialog } from "./lazyParts";
import { PictureButton } from "./PictureButton";

interface NewPictureProps {
  readonly blob: Blob | null;
  /** Another picture, or none. */
  onChange(blob: Blob | null): void;
}

/** The picture of a group that is about to be made: it stays on this device until then. */
export function NewPicture({ blob, onChange }: NewPictureProps): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const url = useBlobUrl(blob);
  return (
    <>
      <PictureButton hindrance={null} onChoose={setFile} onRemove={blob === null ? null : () => onChange(null)}>
        <span className="hc-picture-button__none">
          {url === null ? <CameraIcon size={28} /> : <img className="hc-picture-button__image" src={url} alt="" />}
        </span>
      </PictureButton>
      {file !== null && (
        <Suspense>
          <CropDialog
            file={file}
            send={(cut) => {
              onChange(cut);
              return Promise.resolve();
            }}
            onClose={() => setFile(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function useBlobUrl(blob: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (blob === null) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [blob]);
  return url;
}
