import type { ReactNode } from "react";
import { KindIcon } from "./KindIcon";
import type { FilesInWords } from "./words";

/** What files are, before the words about them; said aloud where those do not say it. */
export function FilesMark({ files: { kind, label, text } }: { readonly files: FilesInWords }): ReactNode {
  return <KindIcon className="hc-files-mark" kind={kind} size={15} label={text === label ? undefined : label} />;
}
