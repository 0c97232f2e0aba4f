/** The list behind the bell. */
export const bellEn = {
  "bell.empty": "Nothing new",
  "bell.emptyHint": "Jobs, proposals and other news are kept here. Messages are in your chats.",
  "bell.markRead": "Mark as read",
  "bell.unreadItem": "unread",
  "bell.failed": "Your notifications could not be loaded",
  "bell.failedHint": "Check your connection, then try again.",
  "bell.older": "Show older ones",
} as const;
