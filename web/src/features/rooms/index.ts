/** What other features, and the app, may import of this one. */
export { RoomItems } from "./RoomItems";
export { useRoomActions } from "./useRoomActions";
export { Words } from "./Words";
