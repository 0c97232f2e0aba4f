/** All that has to do with choosing and recording files; loaded as one. */
export { AttachMenu } from "./AttachMenu";
export { DropZone } from "./DropZone";
export { filesOf } from "./pasted";
export { pick } from "./pick";
export { clearProblems } from "./problems";
export { canRecord } from "./recorder";
export { RecordButton } from "./RecordButton";
export { Tray } from "./Tray";
