import type { CSSProperties, ReactNode } from "react";
import type { ConversationItem } from "../../realtime/types";
import type { Frame } from "./frame";
import "./MessageFiles.css";
import { useFiles } from "./useFiles";

interface MessageFilesProps {
  readonly item: ConversationItem;
  readonly frame: Frame;
  readonly roomId: string;
}

/** The files of a message. They have their room before there is what shows them. */
export function MessageFiles({ item, frame, roomId }: MessageFilesProps): ReactNode {
  const { parts } = useFiles(true);
  const { pictures, others, ratio, pages } = frame;
  return (
    // What they are called has no say in the direction of the words below.
    <div className="hc-files" dir="ltr">
      {pictures.length > 0 && (
        <div className="hc-files__grid" style={{ aspectRatio: ratio }} data-count={Math.min(pictures.length, 4)}>
          {parts && <parts.Pictures item={item} files={pictures} roomId={roomId} />}
        </div>
      )}
      {others.length > 0 && (
        <div className="hc-files__list" style={vars({ "--hc-file-rows": others.length, "--hc-file-pages": pages })}>
          {parts && <parts.Cards item={item} files={others} roomId={roomId} />}
        </div>
      )}
    </div>
  );
}

/** React's types know no custom properties. */
function vars(values: Readonly<Record<`--hc-${string}`, number>>): CSSProperties {
  return values;
}

/** How wide the bubble of a message with files is. */
export function widthOfBubble(frame: Frame | null): CSSProperties | undefined {
  return frame ? vars({ "--hc-files-width": frame.width }) : undefined;
}
