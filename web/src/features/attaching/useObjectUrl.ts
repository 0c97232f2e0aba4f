import { useEffect, useState } from "react";
import { useChatClient } from "../session";

/** The address of a file's bytes for an element of this page, as long as it is shown; null until it is there, or without bytes. */
export function useObjectUrl(fileId: string): string | null {
  const { files } = useChatClient();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let isOver = false;
    const show = (blob: Blob | undefined): void => {
      if (isOver || blob === undefined) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    };
    files.read(fileId).then(show, () => undefined);
    return () => {
      isOver = true;
      if (made !== null) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [files, fileId]);
  return url;
}
