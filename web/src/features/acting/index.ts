/** What one can do with messages. The first load has the way to it only. */
export type { MessageActions } from "./messageActions";
export { useActing } from "./useActing";
