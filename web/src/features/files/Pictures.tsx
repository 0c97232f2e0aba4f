import type { ReactNode } from "react";
import type { ConversationItem } from "../../realtime/types";
import type { ShownFile } from "./frame";
import { Picture } from "./Picture";
import "./Pictures.css";
import { usePlace } from "./useSources";
import { viewed } from "./viewing";

/** More are behind the last one that is shown. */
const MOST_SHOWN = 4;

interface PicturesProps {
  readonly item: ConversationItem;
  readonly files: readonly ShownFile[];
  readonly roomId: string;
}

/** The inside of the grid of a message's pictures and videos. */
export function Pictures({ item, files, roomId }: PicturesProps): ReactNode {
  const place = usePlace(roomId, item);
  const hidden = files.length - MOST_SHOWN;
  return files.slice(0, MOST_SHOWN).map((file, index) => (
    <Picture
      // A file that was sent stays the one that was on its way.
      key={index}
      item={item}
      file={file}
      place={place}
      nth={index + 1}
      count={files.length}
      hidden={index === MOST_SHOWN - 1 ? Math.max(0, hidden) : 0}
      onOpen={(from) => viewed.set({ roomId, fileId: file.id, from })}
    />
  ));
}
