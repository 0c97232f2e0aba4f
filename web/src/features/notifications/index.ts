/** What the app may import of this feature. */
export { Bell } from "./Bell";
export { pageOf, type Guide, type NavigationTarget } from "./target";
export { ToastRegion } from "./ToastRegion";
export { useBrowserNotifications } from "./useBrowserNotifications";
export { useUnreadTitle } from "./useUnreadTitle";
