import { useCallback, useEffect, useRef, useState } from "react";
import { toChatError, type ChatError } from "../../lib/api/chatError";
import type { AttachmentKind } from "../../realtime/types";
import { useChatClient } from "../session";
import { RoomFiles, type RoomFile } from "./roomFiles";

export interface ListedFiles {
  readonly phase: "loading" | "ready" | "failed";
  readonly error: ChatError | null;
  readonly files: readonly RoomFile[];
  readonly hasMore: boolean;
  /** The next page; after a failure, the one that failed. */
  loadMore(): void;
}

const LOADING = { phase: "loading", error: null, files: [], hasMore: true } as const;

/** The files of these kinds of a room, in pages. `kinds` is the same as long as they are. */
export function useRoomFiles(roomId: string, kinds: readonly AttachmentKind[]): ListedFiles {
  const { server } = useChatClient();
  const [listed, setListed] = useState<Omit<ListedFiles, "loadMore">>(LOADING);
  const reading = useRef<{ readonly files: RoomFiles; readonly ending: AbortController } | null>(null);
  const load = useCallback((): void => {
    const now = reading.current;
    if (now === null) return;
    const { files, ending } = now;
    setListed((before) => ({ ...before, phase: "loading", error: null }));
    files.next(ending.signal).then(
      (page) => {
        if (ending.signal.aborted) return;
        const add = (before: readonly RoomFile[]) => [...before, ...page];
        setListed((before) => ({ phase: "ready", error: null, files: add(before.files), hasMore: files.hasMore }));
      },
      (cause: unknown) => {
        if (ending.signal.aborted) return;
        setListed((before) => ({ ...before, phase: "failed", error: toChatError(cause) }));
      },
    );
  }, []);
  useEffect(() => {
    const ending = new AbortController();
    reading.current = { files: new RoomFiles(server, roomId, kinds), ending };
    setListed(LOADING);
    load();
    return () => ending.abort();
  }, [server, roomId, kinds, load]);
  return { ...listed, loadMore: load };
}
