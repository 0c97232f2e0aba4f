/** What other parts may import of this feature. */
export { StatusIcon } from "./StatusIcon";
export { ConversationView, type ConversationViewProps } from "./ConversationView";
