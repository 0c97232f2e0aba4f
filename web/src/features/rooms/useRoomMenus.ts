import { createLater } from "../../lib/useLater";

/** What opens when a conversation's menu is asked for. */
export const useRoomMenus = createLater(() => import("./menus")).use;
