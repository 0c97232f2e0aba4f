import { keptOwners } from "../features/push/owner";
import { Device } from "../realtime/device";
import { joinTabs, nameOfOutbox } from "../realtime/tabs";

/** The app's own, as for its pages. */
const SERVER = "";

/** Removes what the app keeps on this device for somebody who signs out here, and signs its tabs out. */
export async function forgetDevice(userId: string): Promise<void> {
  const tabs = joinTabs(nameOfOutbox(SERVER, userId));
  tabs.tell({ kind: "signedOut" });
  tabs.close();
  // Without an owner, the service worker ends the subscription with the next push.
  if ((await keptOwners.find())?.userId === userId) await keptOwners.forget();
  await (await Device.open(SERVER, userId, () => import("../realtime/keptFiles"))).destroy();
}
