/** What other features may import of this one: what is loaded at first, and the way to the rest. */
export { isPlain } from "../../lib/text/plain";
export { plainText, usePlain, useWriting } from "./useWriting";
