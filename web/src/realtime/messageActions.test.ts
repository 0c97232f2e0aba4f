// @vitest-environment node
import { describe, expect, test } from "vitest";
import { applyToMessage, subjectOfMessageAction } from "./messageActions";
import { aMessage } from "./testing/samples";
import type { MessageAction, Reaction } from "./types";

const reaction = (emoji: string, userIds: string[]): Reaction => ({
  emoji,
  count: userIds.length,
  userIds,
  isOwn: userIds.includes("maya"),
});
const react = (emoji: string, on: boolean): MessageAction => ({ kind: "react", messageId: "message-1", emoji, on });
const after = (reactions: Reaction[], ...actions: MessageAction[]) =>
  applyToMessage(aMessage(1, { reactions }), actions, "maya").reactions;

describe("a reaction", () => {
  test("is counted with those of others, and taken back", () => {
    expect(after([reaction("👍", ["bo"])], react("👍", true))).toEqual([reaction("👍", ["bo", "maya"])]);
    expect(after([reaction("👍", ["bo", "maya"])], react("👍", false))).toEqual([reaction("👍", ["bo"])]);
    expect(after([reaction("👍", ["maya"])], react("👍", false))).toEqual([]);
    expect(after([], react("🎉", true), react("👍", true), react("🎉", false))).toEqual([reaction("👍", ["maya"])]);
  });

  test("changes nothing where it is so already, and is never counted twice", () => {
    const message = aMessage(1, { reactions: [reaction("👍", ["maya"])] });
    expect(applyToMessage(message, [react("👍", true), react("🎉", false)], "maya")).toBe(message);
  });

  test("is the same with and without a variation selector", () => {
    expect(after([reaction("❤️", ["bo"])], react("\u2764", true))).toEqual([reaction("❤️", ["bo", "maya"])]);
    expect(subjectOfMessageAction(react("\u2764", true))).toBe(subjectOfMessageAction(react("❤️", false)));
    expect(subjectOfMessageAction(react("👍", true))).not.toBe(subjectOfMessageAction(react("👎", true)));
  });

  test("is nothing on a message that was deleted", () => {
    const deleted = aMessage(1, { deletedAt: "2026-01-02" });
    expect(applyToMessage(deleted, [react("👍", true)], "maya")).toBe(deleted);
  });
});
