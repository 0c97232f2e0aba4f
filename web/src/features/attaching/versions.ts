/** The pictures of a tray that were made smaller, and what they were before: for as long as they are in the tray of this page. */
import { WritableStore } from "../../lib/store";
import type { Files, PickedFile } from "../../realtime/types";

export interface Versions {
  readonly roomId: string;
  readonly original: PickedFile;
  readonly smaller: PickedFile;
}

/** By the id of the file that is in the tray. */
export const versions = new WritableStore<ReadonlyMap<string, Versions>>(new Map());

/** Rooms whose pictures are sent as they are. */
export const originalRooms = new WritableStore<ReadonlySet<string>>(new Set());

export function prefersOriginals(roomId: string): boolean {
  return originalRooms.getSnapshot().has(roomId);
}

export function preferOriginals(roomId: string, isPreferred: boolean): void {
  originalRooms.update((rooms) => {
    if (rooms.has(roomId) === isPreferred) return rooms;
    const others = [...rooms].filter((room) => room !== roomId);
    return new Set(isPreferred ? [...others, roomId] : others);
  });
}

export function rememberVersions(id: string, both: Versions): void {
  versions.update((all) => new Map(all).set(id, both));
}

/** Lets go of the pictures that are in no tray any more. */
export function forgetVersions(files: Files): void {
  const local = files.local.getSnapshot();
  versions.update((all) => {
    const kept = [...all].filter(([id]) => local.get(id)?.clientMessageId === null);
    return kept.length === all.size ? all : new Map(kept);
  });
}
