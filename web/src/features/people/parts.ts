/** All about people and groups; loaded as one. */
export { ConversationInfo } from "./ConversationInfo";
export { NewConversation } from "./NewConversation";
export { PersonDialog } from "./PersonDialog";
