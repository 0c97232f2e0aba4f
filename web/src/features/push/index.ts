/** What the app and other features may import of this one. */
export { closeShownNotifications, showNotification } from "./lazyParts";
export { usePush, usePushNobody } from "./usePush";
