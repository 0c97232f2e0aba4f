/** Connection banner, bell, toasts. */
export const notificationsEn = {
  "connection.label": "Connection",
  "connection.offline": "You are offline. Messages will wait.",
  "connection.reconnecting": "Reconnecting…",
  "connection.upToDate": "Up to date",
  "connection.retry": "Try now",
  "bell.label": "Notifications",
  "bell.labelUnread": { one: "Notifications, {count} unread", other: "Notifications, {count} unread" },
  "bell.empty": "Nothing new",
  "bell.emptyHint": "Messages and news that reach you elsewhere are kept here.",
  "bell.markAllRead": "Mark all as read",
  "bell.unreadItem": "unread",
  "toast.region": "New notifications",
  "toast.dismiss": "Dismiss",
} as const;
