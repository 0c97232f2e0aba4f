import { describe, expect, it } from "vitest";
import { isEmojiOnly } from "./emoji";

describe("isEmojiOnly", () => {
  it.each(["👍", "🎉🎉🎉", "❤️", "👋🏽 👋🏿", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇪🇸🇬🇧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "☝🏻", "🤷🏽‍♀️", " 😀\n😀 ", "😀😀😀😀😀😀"])(
    "is true of %s",
    (text) => {
      expect(isEmojiOnly(text)).toBe(true);
    },
  );

  it.each([
    "",
    "  ",
    "ok 👍",
    "123",
    "#",
    "*",
    "©",
    "™",
    "❤",
    "🇪",
    "😀😀😀😀😀😀😀",
    ":)",
    "\u200d",
    "\ufe0f",
    "a\ufe0f",
    "漢",
  ])("is false of %j", (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });

  it("does not look at long texts", () => {
    expect(isEmojiOnly("👩‍👩‍👧‍👦".repeat(10_000))).toBe(false);
  });
});
