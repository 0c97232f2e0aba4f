/** What other features may import of this one. */
export { Composer } from "./Composer";
export { canEdit, editOf, modesOf, replyTo, setMode, type Mode } from "./modes";
export { CopyText } from "./CopyText";
