import { useEffect, useMemo, useState } from "react";
import { WritableStore } from "../../lib/store";
import { useStore } from "../../lib/useStore";
import type { FilePlace, FileVariant } from "../../realtime/keptFiles";
import type { LocalFile } from "../../realtime/types";
import { useChatClient } from "../session";
import type { ShownFile } from "./frame";
import { isSent } from "./shown";
import type { Loaded } from "./sources";
import { useSources } from "./useSources";

export interface FileUrl extends Loaded {
  /** What came cannot be shown. */
  distrust(): void;
}

const NOTHING = new WritableStore<Loaded>({ phase: "loading", url: null });
const nothing = (): void => undefined;

/**
 * The bytes of a file of a message as an address of this page, as long as it is shown; nothing while it is not wanted. A
 * file on its way is read from this device.
 */
export function useFileUrl(place: FilePlace | null, file: ShownFile, variant: FileVariant, isWanted = true): FileUrl {
  const sources = useSources();
  const attachment = isSent(file) ? file : null;
  const source = useMemo(
    () => (isWanted && place && attachment ? sources.of(place, attachment, variant) : null),
    [sources, place, attachment, variant, isWanted],
  );
  useEffect(() => source?.hold(), [source]);
  const loaded = useStore(source?.state ?? NOTHING);
  const local = useLocalUrl(isWanted && !isSent(file) ? file : null);
  // The picture that was shown while it was on its way stays until the same can be had as sent.
  const url = loaded.url ?? local;
  return { phase: url === null ? loaded.phase : "ready", url, distrust: source?.distrust ?? nothing };
}

/** The last one that there was, until the view goes. */
function useLocalUrl(file: LocalFile | null): string | null {
  const { files } = useChatClient();
  const [url, setUrl] = useState<string | null>(null);
  const id = file?.id;
  useEffect(() => {
    if (id === undefined) return;
    let isWanted = true;
    void files.read(id).then((blob) => {
      if (isWanted && blob !== undefined) setUrl(URL.createObjectURL(blob));
    });
    return () => {
      isWanted = false;
    };
  }, [files, id]);
  useEffect(() => () => (url === null ? undefined : URL.revokeObjectURL(url)), [url]);
  return url;
}
