import { isRecord } from "../../lib/api/envelope";

const TIMEOUT_MS = 2_000;

/**
 * How large a file may be, by the public settings of the page's own server, which the service worker has without a
 * network, too. Null where they cannot be had, or do not say, and for other servers: their settings are for their own
 * pages. Never throws.
 */
export async function findMaxBytes(serverUrl: string): Promise<number | null> {
  if (serverUrl !== "") return null;
  try {
    const response = await fetch("/app/config.json", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const settings: unknown = await response.json();
    return isRecord(settings) && typeof settings.maxFileBytes === "number" ? settings.maxFileBytes : null;
  } catch {
    return null;
  }
}
