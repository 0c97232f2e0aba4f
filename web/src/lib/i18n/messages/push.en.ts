/** Notifications of this device: the item that allows them, and what the service worker says by itself. */
export const pushEn = {
  "push.allow": "Allow notifications",
  "push.working": "Turning notifications on…",
  "push.on": "Notifications are on",
  "push.blocked": "Notifications are blocked",
  "push.blockedHint": "Allow them for this site in your browser's settings.",
  "push.unsupported": "Notifications are not available",
  "push.unsupportedHint": "This browser does not have them.",
  "push.homeScreenHint": "Add Hyred Chat to your home screen first.",
  "push.liveOnlyServer": "Only while the chat is open: this server sends none after that.",
  "push.liveOnlyBrowser": "Only while the chat is open: this browser takes none after that.",
  "push.failed": "Only while the chat is open, as the rest could not be set up. Select to try again.",
  "push.new": "New notification",
  "push.reply": "Reply",
  "push.replyPlaceholder": "Message",
  "push.replyLost": "Your reply could not be kept",
  "push.replyLostBody": "Open the conversation to write it again: {text}",
} as const;
