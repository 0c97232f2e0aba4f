/** What the app, and other features, may import of this one: the way to what is loaded later. */
export { ConversationInfo, PersonDialog } from "./lazyParts";
export { NewConversationDialog } from "./NewConversationDialog";
export { RoomOpener } from "./roomOpener";
