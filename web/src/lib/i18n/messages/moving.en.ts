/** The ways through a conversation: loaded when the page is idle. */
export const movingEn = {
  "moving.day": "{day}. Go to another day",
  "moving.goTo": "Go to",
  "moving.goToDate": "A date…",
  "moving.goToFirst": "The first message",
  "moving.date": "Date to go to",
  "moving.goBack": "Back to where you were",
  "moving.seeking": "Finding the message",
  "moving.seekFailed": "That message could not be loaded. {reason}",
} as const;
