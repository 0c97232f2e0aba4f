/** What other features may import of this one. */
export { Composer } from "./Composer";
export { canEdit, editOf, replyTo, useMode } from "./modes";
export { CopyText } from "./CopyText";
