import { createLater } from "../../lib/useLater";

/**
 * The tray, what fills it, and the recorder. A page that is only read and written in needs none of it. With it comes what
 * keeps files: also a page that no service worker serves yet then takes them without a network.
 */
export const useAttaching = createLater(async () => {
  const [parts] = await Promise.all([import("./parts"), import("../../realtime/files/keeper")]);
  return parts;
}).use;

/** What is there once it is loaded. */
export type Attaching = NonNullable<ReturnType<typeof useAttaching>["parts"]>;
