import { useCallback } from "react";
import { useStoreSelector } from "../../lib/useStore";
import { inShort } from "../../realtime/attached";
import type { AttachedInShort, ConversationItem, LocalFile, WaitingMessage } from "../../realtime/types";
import { useChatClient } from "../session";
import { localFilesOf, type ShownFile } from "./frame";

const NO_IDS: readonly string[] = [];
const NONE: readonly ShownFile[] = [];

/** The files of a message: as the server has them, or as they are on their way there. */
export function useShownFiles(item: ConversationItem): readonly ShownFile[] {
  const { local } = useChatClient().files;
  const select = useCallback(
    (files: ReadonlyMap<string, LocalFile>): readonly ShownFile[] => (item.fileIds ? localFilesOf(item, files) : NONE),
    [item],
  );
  const waiting = useStoreSelector(local, select, areSame);
  if (item.deletedAt !== null) return NONE;
  return item.attachments.length > 0 ? item.attachments : waiting;
}

/** What files a message that waits goes with, in short. */
export function useWaitingFiles(waiting: WaitingMessage | null): AttachedInShort {
  const { local } = useChatClient().files;
  const fileIds = waiting?.fileIds;
  const select = useCallback(
    (files: ReadonlyMap<string, LocalFile>) => (fileIds ?? NO_IDS).flatMap((id) => files.get(id) ?? []),
    [fileIds],
  );
  const files = useStoreSelector(local, select, areOfOneKind);
  const inWords = inShort(waiting?.content ?? "", files);
  // What is written here is no list of names.
  return { ...inWords, hasCaption: waiting?.content !== "" };
}

/** What they are is all that is said of them. */
function areOfOneKind(a: readonly LocalFile[], b: readonly LocalFile[]): boolean {
  return a.length === b.length && a.every(({ kind }, index) => kind === b[index]?.kind);
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
