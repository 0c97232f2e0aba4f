/**
 * What is loaded with the first dialog about people. One file: what two later files share would be part of the first load.
 */
export { BlockedPeople } from "./BlockedPeople";
export { ReportForm } from "./ReportForm";
export { RoomDialogs } from "./RoomDialogs";
