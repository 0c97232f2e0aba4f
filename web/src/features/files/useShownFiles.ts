import { useCallback } from "react";
import { useStoreSelector } from "../../lib/useStore";
import type { ConversationItem, LocalFile } from "../../realtime/types";
import { useChatClient } from "../session";
import { localFilesOf, type ShownFile } from "./frame";

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

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
