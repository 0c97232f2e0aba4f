import { useEffect, useState, type ReactNode, type RefObject } from "react";
import { createPortal } from "react-dom";
import { KindIcon } from "../files";
import { useChatClient } from "../session";
import "./DropZone.css";
import { pick } from "./pick";
import { addProblem } from "./problems";
import { useAttachingTexts } from "./useAttachingTexts";

interface DropZoneProps {
  readonly roomId: string;
  /** An element of the conversation onto which files are dropped. */
  readonly within: RefObject<HTMLElement | null>;
}

/** The whole conversation takes what is dropped onto it, and says so while files are held over it. */
export function DropZone({ roomId, within }: DropZoneProps): ReactNode {
  const { t } = useAttachingTexts();
  const { files } = useChatClient();
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [isOver, setIsOver] = useState(false);
  useEffect(() => setPlace(within.current?.closest<HTMLElement>(".hc-conversation") ?? null), [within]);
  useEffect(() => {
    if (place === null) return;
    return followDrops(place, setIsOver, (data) => {
      // The list of what was dropped is gone after this event.
      const { chosen, folders } = readDropped(data);
      void pick(files, roomId, chosen);
      for (const name of folders) addProblem(roomId, { kind: "folder", name });
    });
  }, [place, files, roomId]);
  if (!isOver || place === null) return null;
  return createPortal(
    <div className="hc-drop" aria-hidden="true">
      <div className="hc-drop__frame">
        <KindIcon kind="file" size={32} />
        {t("attach.drop")}
      </div>
    </div>,
    place,
  );
}

/** Dialogs of the conversation take nothing for it. What is dropped there, or beside it, is refused by `refuseDrops`. */
function followDrops(
  place: HTMLElement,
  setIsOver: (isOver: boolean) => void,
  take: (data: DataTransfer) => void,
): () => void {
  const listening = new AbortController();
  const on = (name: "dragover" | "dragleave" | "drop", listener: (event: DragEvent) => void): void =>
    place.addEventListener(
      name,
      (event) => {
        if (event.dataTransfer?.types.includes("Files") === true && !isInDialog(event.target)) listener(event);
      },
      { signal: listening.signal },
    );
  on("dragover", (event) => {
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
    setIsOver(true);
  });
  on("dragleave", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && place.contains(relatedTarget))) setIsOver(false);
  });
  on("drop", (event) => {
    event.preventDefault();
    setIsOver(false);
    if (event.dataTransfer !== null) take(event.dataTransfer);
  });
  return () => {
    listening.abort();
    setIsOver(false);
  };
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}

/** Folders look like files that cannot be read. */
function readDropped(data: DataTransfer): { readonly chosen: readonly File[]; readonly folders: readonly string[] } {
  const entries = [...data.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry());
  const files = [...data.files];
  const isFolder = (index: number): boolean => entries[index]?.isDirectory === true;
  return {
    chosen: files.filter((_, index) => !isFolder(index)),
    folders: files.filter((_, index) => isFolder(index)).map(({ name }) => name),
  };
}
