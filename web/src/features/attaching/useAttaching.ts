import { createLater } from "../../lib/useLater";

/** The tray, what fills it, and the recorder. A page that is only read and written in needs none of it. */
export const useAttaching = createLater(() => import("./parts")).use;

/** What is there once it is loaded. */
export type Attaching = NonNullable<ReturnType<typeof useAttaching>["parts"]>;
