import { describe, expect, it } from "vitest";
import { sendsMessage, type ComposerKey } from "./keys";

function press(key: string, change: Partial<ComposerKey> = {}): ComposerKey {
  const modifiers = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  return { key, ...modifiers, ...change };
}

describe("sendsMessage", () => {
  it("sends with Enter on a desk, and breaks the line with Shift or Alt", () => {
    expect(sendsMessage(press("Enter"), false)).toBe(true);
    expect(sendsMessage(press("Enter", { shiftKey: true }), false)).toBe(false);
    expect(sendsMessage(press("Enter", { altKey: true }), false)).toBe(false);
  });

  it("breaks the line with Enter on a phone", () => {
    expect(sendsMessage(press("Enter"), true)).toBe(false);
    expect(sendsMessage(press("Enter", { shiftKey: true }), true)).toBe(false);
  });

  it("sends with Ctrl or Cmd and Enter everywhere", () => {
    for (const isPhone of [true, false]) {
      expect(sendsMessage(press("Enter", { ctrlKey: true }), isPhone)).toBe(true);
      expect(sendsMessage(press("Enter", { metaKey: true }), isPhone)).toBe(true);
    }
  });

  it("does nothing with other keys", () => {
    expect(sendsMessage(press("a"), false)).toBe(false);
  });
});
