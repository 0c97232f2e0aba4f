/** What the app, and other features, may import of this one. */
export { FindInConversation } from "./FindInConversation";
export { finding } from "./finding";
export { SearchDialog } from "./SearchDialog";
