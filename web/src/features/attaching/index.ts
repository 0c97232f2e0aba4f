/** Choosing and recording files. The first load has the buttons and the way to the rest. */
export { AttachButton } from "./AttachButton";
export { useIsRecording } from "./recordingRoom";
export { SharedFiles } from "./SharedFiles";
export { useAttaching, type Attaching } from "./useAttaching";
export { useTray, type Tray } from "./useTray";
