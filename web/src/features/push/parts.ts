/** All of push that the first load does without; loaded as one, once somebody is signed in. */
export { closeShownNotifications, showNotification } from "./shown";
export { leavePush, startPush } from "./startPush";
export { listenToWorker } from "./workerMessages";
