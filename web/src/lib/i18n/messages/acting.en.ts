/** What one can do with a message. */
export const actingEn = {
  "acting.bar": "Actions for this message",
  "acting.more": "More",
  "acting.react": "React",
  "acting.reactWith": "React with {emoji}",
  "acting.unreact": "Take back {emoji}",
  "acting.menu": "Message",
  "acting.copy": "Copy text",
  "acting.hint": "Press Enter to go to the messages, then the arrow keys. Enter opens what you can do with one.",
  "acting.said.reacted": "Reacted with {emoji}",
  "acting.said.unreacted": "{emoji} taken back",
  "acting.said.copied": "Text copied",
} as const;
