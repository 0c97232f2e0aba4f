import type { ReactNode } from "react";
import { isPlain, useWriting } from "../writing";

/** A message's words: as its marks say, and with its addresses as links, when there are any. */
export function MessageText({ text }: { readonly text: string }): ReactNode {
  const isDrawn = !isPlain(text);
  const { parts } = useWriting(isDrawn);
  return isDrawn && parts !== null ? <parts.FormattedText text={text} /> : text;
}
