/** What other features may import of this one: what is loaded at first, and the way to the rest. */
export { FilesMark } from "./FilesMark";
export { frameOf } from "./frame";
export { RoomFilesDialog } from "./lazyParts";
export { KindIcon } from "./KindIcon";
export { MessageFiles, widthOfBubble } from "./MessageFiles";
export { useFiles } from "./useFiles";
export { useShownFiles, useWaitingFiles } from "./useShownFiles";
export { filesAloud, filesInWords, textWithFiles, type FilesInWords } from "./words";
