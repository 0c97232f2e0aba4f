/** Apart from messages: loaded when somebody is about to look for files. */
import { lazyPart } from "../../ui/lazyPart";

export const RoomFilesDialog = lazyPart(async () => (await import("./RoomFilesDialog")).RoomFilesDialog);
