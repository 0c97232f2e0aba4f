/** What somebody chose, pasted or dropped comes into the tray of a room. */
import { toChatError } from "../../lib/api/chatError";
import type { Announced, Files, PickedFile } from "../../realtime/types";
import { addProblem, clearProblems } from "./problems";
import { preparing } from "./useTray";
import { forgetVersions, prefersOriginals, rememberVersions } from "./versions";
import { shrink } from "./shrink";

/** So many files go with one message. */
export const MOST_FILES = 10;

/**
 * Puts files into a room's tray, one after another, and pictures as small as they need to be. Never rejects: why one is
 * not there is said above the composer.
 */
export async function pick(files: Files, roomId: string, picked: readonly File[]): Promise<void> {
  if (picked.length === 0) return;
  clearProblems(roomId);
  forgetVersions(files);
  const most = Math.max(0, MOST_FILES - countInTray(files, roomId));
  const chosen = picked.slice(0, most);
  if (chosen.length < picked.length) addProblem(roomId, { kind: "tooMany", count: picked.length - chosen.length });
  await prepare(roomId, chosen.length, async (done) => {
    for (const file of chosen) {
      const original = { blob: file, name: file.name };
      const announced = announce(files, roomId, file);
      const smaller = await shrink(file);
      const kept = smaller !== null && !prefersOriginals(roomId) ? smaller : original;
      const [id] = await keep(files, roomId, { ...kept, ...(announced && { announced }) });
      if (id !== undefined && smaller !== null) rememberVersions(id, { roomId, original, smaller });
      done();
    }
  });
}

/** A photograph is announced while it is made smaller, with the bytes that it has at most: both take their time. */
function announce(files: Files, roomId: string, file: File): Promise<Announced | null> | undefined {
  // Other pictures get another name, or are kept as they are.
  if (file.type !== "image/jpeg") return undefined;
  return files.load().then((announcer) => announcer?.announce(roomId, file) ?? null);
}

/** Keeps one file for a room. Returns its id alone in a list, or none where it could not be kept, which is then said. */
export async function keep(files: Files, roomId: string, picked: PickedFile): Promise<readonly string[]> {
  try {
    return await files.add(roomId, [picked]);
  } catch (cause) {
    addProblem(roomId, { kind: "file", name: picked.name, error: toChatError(cause) });
    return [];
  }
}

/** Counts as many files as about to come until each is `done`, and all of them at the end. */
export async function prepare(roomId: string, count: number, work: (done: () => void) => Promise<void>): Promise<void> {
  let left = count;
  const change = (by: number): void =>
    preparing.update((counts) => new Map(counts).set(roomId, (counts.get(roomId) ?? 0) + by));
  change(count);
  try {
    await work(() => {
      left -= 1;
      change(-1);
    });
  } finally {
    change(-left);
  }
}

function countInTray(files: Files, roomId: string): number {
  const all = [...files.local.getSnapshot().values()];
  return all.filter((file) => file.roomId === roomId && file.clientMessageId === null).length;
}
