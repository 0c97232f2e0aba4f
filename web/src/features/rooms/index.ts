/** What other features, and the app, may import of this one. */
export { BlockedPeople } from "./BlockedPart";
export { ReportDialog } from "./ReportDialog";
export { RoomItems } from "./RoomItems";
export { useRoomActions } from "./useRoomActions";
export { useRoomQuestion } from "./useRoomQuestion";
export { useSystemText } from "./useSystemText";
export { Words } from "./Words";
