import { useMemo } from "react";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment, ChatClient } from "../../realtime/types";
import { useChatClient } from "../session";
import type { ShownFile } from "./frame";
import type { Track } from "./player";
import { isSent } from "./shown";
import { playableOf, type FileSources, type Playable } from "./sources";
import { useSources } from "./useSources";

/** A file as something to listen to. */
export function useTrack(place: FilePlace | null, file: ShownFile): Track {
  const client = useChatClient();
  const sources = useSources();
  return useMemo(
    () => (isSent(file) ? trackOf(sources, place, file) : localTrackOf(client, file)),
    [client, sources, place, file],
  );
}

export function trackOf(sources: FileSources, place: FilePlace | null, file: Attachment): Track {
  return { id: file.id, durationMs: file.durationMs, load: () => sources.play(place, file) };
}

function localTrackOf(client: ChatClient, { id, durationMs }: ShownFile): Track {
  const load = async (): Promise<Playable | null> => {
    const blob = await client.files.read(id);
    return blob === undefined ? null : playableOf(blob);
  };
  return { id, durationMs, load };
}
