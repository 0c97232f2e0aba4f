import { isPlain } from "../../lib/text/plain";
import { createLater } from "../../lib/useLater";

const writing = createLater(() => import("./parts"));

/**
 * What draws marks and links, and helps to write them. It is loaded when somebody wants it, and once for all. Where it could not
 * be had, texts are shown as they were written.
 */
export const useWriting = writing.use;

/** What makes words alone of `text`, for a line that has no room for more; nothing until marks can be told from words. */
export function usePlain(text: string): (text: string) => string {
  const { parts } = useWriting(!isPlain(text));
  return parts?.plainOf ?? asWritten;
}

/** A text in words alone, where nothing is drawn again when marks can be told from words. */
export function plainText(text: string): string {
  return (writing.state.getSnapshot().parts?.plainOf ?? asWritten)(text);
}

function asWritten(text: string): string {
  return text;
}
