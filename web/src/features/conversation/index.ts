/** What other parts may import of this feature. */
export { ConversationView, type ConversationViewProps } from "./ConversationView";
