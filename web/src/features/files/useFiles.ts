import { createLater } from "../../lib/useLater";

/** What shows files: pictures, voice, documents, the viewer. A page without files needs none of it. */
export const useFiles = createLater(() => import("./parts")).use;
