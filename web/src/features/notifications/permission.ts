import { WritableStore, type Store } from "../../lib/store";

/** `unsupported` where the browser has no notifications for pages. */
export type PermissionState = NotificationPermission | "unsupported";

const permission = new WritableStore<PermissionState>(readPermission());

/** Whether this browser may show notifications while the page is hidden. */
export const permissionStore: Store<PermissionState> = permission;

/** Asks the person. Only ever called from a click: asking on load teaches people to say no. */
export async function askPermission(): Promise<void> {
  if (readPermission() === "default") await Notification.requestPermission();
  permission.set(readPermission());
}

function readPermission(): PermissionState {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}
