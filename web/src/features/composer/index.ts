/** What other features may import of this one. */
export { Composer } from "./Composer";
export { CopyText } from "./CopyText";
