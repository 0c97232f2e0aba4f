/** `@hyred/chat`: the chat, and its parts, for a React page of a host's own. */
export { ChatInterface, type ChatInterfaceProps } from "./library/ChatInterface";
export { ChatProvider, type ChatProviderProps } from "./library/ChatProvider";
export { ChatRoomList, type ChatRoomListProps } from "./library/ChatRoomList";
export { ChatSearch, type ChatSearchProps } from "./library/ChatSearch";
export { HyredChat, type HyredChatProps } from "./library/HyredChat";
export { RealTimeNotifications, type RealTimeNotificationsProps } from "./library/RealTimeNotifications";
export { useWebSocket, type WebSocketState } from "./library/useWebSocket";
export type { Locale } from "./lib/i18n/locale";
export { setLocale } from "./lib/i18n/translate";
export { ChatError } from "./lib/api/chatError";
export type { NavigationTarget } from "./features/notifications";
export type * from "./realtime/types";
