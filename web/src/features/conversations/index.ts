/** What the app may import of this feature. */
export { ConversationList } from "./ConversationList";
export { ListSkeleton } from "./ListSkeleton";
