import { createLater } from "../../lib/useLater";

/** The bar beside a message, its menu and all that they open. A page that is only read needs none of it. */
export const useActing = createLater(() => import("./parts")).use;
