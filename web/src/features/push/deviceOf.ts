import type { SessionAccess } from "../session";
import { keptOwners } from "./owner";
import { pageBrowser } from "./pageBrowser";
import { PushDevice } from "./pushDevice";

const devices = new WeakMap<SessionAccess, PushDevice>();

/** The device of a session, the same for all who ask. */
export function deviceOf(access: SessionAccess): PushDevice {
  const known = devices.get(access);
  if (known !== undefined) return known;
  const appVersion = String(import.meta.env.VITE_APP_VERSION);
  const device = new PushDevice({ rest: access.rest, browser: pageBrowser, owners: keptOwners, appVersion });
  devices.set(access, device);
  return device;
}
