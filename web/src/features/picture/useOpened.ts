import { useEffect, useState } from "react";

import { MAX_BYTES, open } from "./bitmap";

/** `unreadable`: this browser cannot read it. */
export type Opened =
  | { readonly picture: ImageBitmap; readonly problem: null }
  | { readonly picture: null; readonly problem: "unreadable" | "tooLarge" };

/** The pixels of a file, as long as it is the one; null while it is opened. */
export function useOpened(file: File): Opened | null {
  const [opened, setOpened] = useState<{ readonly file: File; readonly as: Opened } | null>(null);
  useEffect(() => {
    let isWanted = true;
    let picture: ImageBitmap | null = null;
    const show = (as: Opened): void => {
      if (isWanted) setOpened({ file, as });
    };
    if (file.size > MAX_BYTES) show({ picture: null, problem: "tooLarge" });
    else
      open(file).then(
        (found) => {
          picture = found;
          if (isWanted) show({ picture, problem: null });
          else found.close();
        },
        () => show({ picture: null, problem: "unreadable" }),
      );
    return () => {
      isWanted = false;
      picture?.close();
    };
  }, [file]);
  return opened?.file === file ? opened.as : null;
}
