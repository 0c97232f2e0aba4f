import type { ReactNode } from "react";
import type { ConversationItem } from "../../realtime/types";
import "./Cards.css";
import { FileCard } from "./FileCard";
import type { ShownFile } from "./frame";
import { usePlace } from "./useSources";
import { Voice } from "./Voice";

interface CardsProps {
  readonly item: ConversationItem;
  readonly files: readonly ShownFile[];
  readonly roomId: string;
}

/** What of a message is listened to or read, one below the other. */
export function Cards({ item, files, roomId }: CardsProps): ReactNode {
  const place = usePlace(roomId, item);
  return files.map((file, index) =>
    file.kind === "voice" || file.kind === "audio" ? (
      <Voice key={index} sender={item.sender} file={file} place={place} />
    ) : (
      <FileCard key={index} file={file} place={place} />
    ),
  );
}
