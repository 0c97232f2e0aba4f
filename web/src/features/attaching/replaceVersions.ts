import type { Files } from "../../realtime/types";
import { keep, prepare } from "./pick";
import { forgetVersions, preferOriginals, rememberVersions, versions } from "./versions";

/**
 * Puts the original in the place of each smaller picture of a room's tray, or the other way around. What was said of them
 * stays; they stand behind the files that are as they were.
 */
export async function replaceVersions(files: Files, roomId: string, originals: boolean): Promise<void> {
  preferOriginals(roomId, originals);
  const both = versions.getSnapshot();
  const local = files.local.getSnapshot();
  const pictures = [...local.values()].filter(
    (file) => file.roomId === roomId && file.clientMessageId === null && both.has(file.id),
  );
  await prepare(roomId, pictures.length, async (done) => {
    for (const { id, alt } of pictures) {
      const known = both.get(id);
      if (known === undefined) continue;
      // First, since a full tray takes no more.
      files.remove(id);
      const [added] = await keep(files, roomId, originals ? known.original : known.smaller);
      if (added !== undefined) {
        rememberVersions(added, known);
        if (alt !== "") files.setAlt(added, alt);
      }
      done();
    }
  });
  forgetVersions(files);
}
