/**
 * What is loaded with the first dialog about people, as one file.
 */
export { BlockedPeople } from "./BlockedPeople";
export { ReportForm } from "./ReportForm";
export { RoomDialogs } from "./RoomDialogs";
