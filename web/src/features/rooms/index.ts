/** What other features, and the app, may import of this one: what is loaded at first, and the way to the rest. */
export { BlockedPeople } from "./BlockedPart";
export { ReportDialog } from "./ReportDialog";
export { useRoomMenus } from "./useRoomMenus";
export { useSystemText } from "./useSystemText";
export { Words } from "./Words";
