/** Marks in messages, and the tools for them: loaded with them. */
export const writingEn = {
  "writing.toolbar": "Formatting",
  "writing.bold": "Bold",
  "writing.italic": "Italic",
  "writing.strike": "Strikethrough",
  "writing.code": "Code",
  "writing.link": "Link",
  "writing.bullets": "Bulleted list",
  "writing.numbers": "Numbered list",
  "writing.quote": "Quote",
  "writing.block": "Code block",
  "writing.withKeys": "{name} ({keys})",
  "writing.mention": "Whom to mention",
  "writing.mentions": { one: "{count} person, arrow keys choose", other: "{count} people, arrow keys choose" },
  "writing.copyCode": "Copy code",
  "writing.copied": "Copied",
} as const;
