import type * as Parts from "./parts";

/** Null when it cannot be had: the network went before a first visit was complete. The next page tries again. */
export async function loadParts(): Promise<typeof Parts | null> {
  return import("./parts").catch(() => null);
}
