/** The files that wait above the composer of a room for the message that takes them along. */
import { WritableStore } from "../../lib/store";
import { useStoreSelector } from "../../lib/useStore";
import type { LocalFile } from "../../realtime/types";
import { useChatClient } from "../session";

/** Room id to how many files are being made ready for its tray, such as pictures that are made smaller. */
export const preparing = new WritableStore<ReadonlyMap<string, number>>(new Map());

export interface Tray {
  readonly files: readonly LocalFile[];
  /** How many more are about to come. */
  readonly preparing: number;
  /** None is refused, and none is about to come: a message can take them along, also while they are on their way. */
  readonly isComplete: boolean;
}

export function useTray(roomId: string): Tray {
  const files = useStoreSelector(
    useChatClient().files.local,
    (all) => [...all.values()].filter((file) => file.roomId === roomId && file.clientMessageId === null),
    isSame,
  );
  const coming = useStoreSelector(preparing, (counts) => counts.get(roomId) ?? 0);
  return { files, preparing: coming, isComplete: coming === 0 && files.every(({ state }) => state !== "refused") };
}

function isSame(one: readonly LocalFile[], other: readonly LocalFile[]): boolean {
  return one.length === other.length && one.every((file, index) => file === other[index]);
}
