/** What the app, and other features, may import of this one. */
export { FindInConversation } from "./FindInConversation";
export { SearchDialog } from "./SearchDialog";
