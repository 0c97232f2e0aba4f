import { useEffect } from "react";
import { WritableStore } from "../../lib/store";
import { isPlain } from "../../lib/text/plain";
import { useStore } from "../../lib/useStore";
import type * as Parts from "./parts";

interface Writing {
  /** All about marks and links; null until it has been loaded. */
  readonly parts: typeof Parts | null;
  /** It could not be had: texts are shown as they were written. */
  readonly hasFailed: boolean;
}

const writing = new WritableStore<Writing>({ parts: null, hasFailed: false });
let loading: Promise<void> | null = null;

function load(): Promise<void> {
  loading ??= import("./parts").then(
    (parts) => writing.set({ parts, hasFailed: false }),
    () => {
      writing.set({ parts: null, hasFailed: true });
      loading = null;
    },
  );
  return loading;
}

// Fetched when the page has nothing better to do, so that it is there when the first mark is, and without a network, too.
if ("requestIdleCallback" in globalThis) requestIdleCallback(() => void load());

/** What draws marks and links, and helps to write them. It is loaded when somebody wants it, and once for all. */
export function useWriting(isWanted: boolean): Writing {
  useEffect(() => {
    if (isWanted) void load();
  }, [isWanted]);
  return useStore(writing);
}

/** What makes words alone of `text`, for a line that has no room for more; nothing until marks can be told from words. */
export function usePlain(text: string): (text: string) => string {
  const { parts } = useWriting(!isPlain(text));
  return parts?.plainOf ?? asWritten;
}

/** A text in words alone, where nothing is drawn again when marks can be told from words. */
export function plainText(text: string): string {
  return (writing.getSnapshot().parts?.plainOf ?? asWritten)(text);
}

function asWritten(text: string): string {
  return text;
}
