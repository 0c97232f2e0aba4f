import { isRecord } from "../../lib/api/envelope";
import type { Grant } from "./tokenSource";

/** Sessions end with their tab unless somebody asked for more; then they last this long after the last refresh. */
const keepMs = 30 * 24 * 3600 * 1000;
export const storageKey = "hyred.session";

interface Kept {
  readonly grant: Grant;
  readonly isKept: boolean;
}

/** The session of this tab, else the one kept on this device, if it has not grown old. */
export function findGrant(now = Date.now()): Kept | null {
  const ofTab = readGrant(read(() => sessionStorage));
  if (ofTab !== null) return { grant: ofTab, isKept: false };
  const ofDevice = read(() => localStorage);
  if (!isRecord(ofDevice) || typeof ofDevice.until !== "number" || ofDevice.until < now) return null;
  const grant = readGrant(ofDevice.grant);
  return grant && { grant, isKept: true };
}

export function keepGrant({ grant, isKept }: Kept, now = Date.now()): void {
  if (isKept) write(() => localStorage, { grant, until: now + keepMs });
  else write(() => sessionStorage, grant);
}

export function forgetGrant(): void {
  for (const storage of [() => sessionStorage, () => localStorage]) {
    attempt(() => storage().removeItem(storageKey));
  }
}

function readGrant(value: unknown): Grant | null {
  if (!isRecord(value)) return null;
  const isDemo = value.kind === "demo" && typeof value.token === "string";
  const isFirebase = value.kind === "firebase" && typeof value.refreshToken === "string" && isRecord(value.settings);
  return isDemo || isFirebase ? (value as unknown as Grant) : null;
}

function read(storage: () => Storage): unknown {
  return attempt(() => JSON.parse(storage().getItem(storageKey) ?? "null") as unknown);
}

function write(storage: () => Storage, value: unknown): void {
  attempt(() => storage().setItem(storageKey, JSON.stringify(value)));
}

/** Storage may be forbidden or full: the session then lasts until the page goes. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
