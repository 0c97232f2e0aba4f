// @vitest-environment node
import { describe, expect, test, vi } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { applyToMessage, performOnMessage, requestOf, subjectOfMessageAction } from "./messageActions";
import type { QueuedAction } from "./outboxQueue";
import { aMessage, momentOf } from "./testing/samples";
import type { Message, MessageAction, Reaction } from "./types";

const reaction = (emoji: string, userIds: string[]): Reaction => ({
  emoji,
  count: userIds.length,
  userIds,
  isOwn: userIds.includes("maya"),
});
const choose = (emoji: string, on: boolean): MessageAction => ({ kind: "react", messageId: "message-1", emoji, on });
const queued = (action: MessageAction): QueuedAction => {
  const entry = {
    clientMessageId: "1",
    roomId: "room",
    createdAt: momentOf(9),
    order: 1,
    state: "queued",
    error: null,
  };
  return { ...entry, state: "queued", action };
};
const react = (emoji: string, on: boolean) => queued(choose(emoji, on));
const after = (reactions: Reaction[], ...actions: QueuedAction[]) =>
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
    expect(subjectOfMessageAction(choose("\u2764", true))).toBe(subjectOfMessageAction(choose("❤️", false)));
    expect(subjectOfMessageAction(choose("👍", true))).not.toBe(subjectOfMessageAction(choose("👎", true)));
  });

  test("is nothing on a message that was deleted", () => {
    const deleted = aMessage(1, { deletedAt: "2026-01-02" });
    expect(applyToMessage(deleted, [react("👍", true)], "maya")).toBe(deleted);
  });
});

describe("an edit", () => {
  const named = { messageId: "message-1", clientMessageId: "own-1" };
  const edit = { kind: "edit", ...named, content: "new", before: "text 1", ifChange: 4 } as const;
  const conflict = (present: Message) => new ChatError("conflict", "", null, { message: present });

  test("is what the message says, with the mark of one", () => {
    const message = aMessage(1);
    expect(applyToMessage(message, [queued(edit)], "maya")).toMatchObject({ content: "new", editedAt: momentOf(9) });
    expect(applyToMessage(message, [queued({ ...edit, content: message.content })], "maya")).toBe(message);
  });

  test("is made again where only something else of the message has changed", async () => {
    const request = vi.fn<(event: string, payload: object) => Promise<Message>>();
    request.mockRejectedValueOnce(conflict(aMessage(1, { change: 7 }))).mockResolvedValue(aMessage(1, { change: 8 }));
    expect((await performOnMessage(request, edit)).change).toBe(8);
    expect(request.mock.calls.map(([, payload]) => payload)).toMatchObject([{ ifChange: 4 }, { ifChange: 7 }]);
  });

  test("overwrites nothing that somebody has written since", async () => {
    const request = vi.fn(() => Promise.reject(conflict(aMessage(1, { change: 7, content: "of another device" }))));
    await expect(performOnMessage(request, edit)).rejects.toMatchObject({ code: "conflict" });
    expect(request).toHaveBeenCalledOnce();
  });

  test("says whom the text mentions, where that is known", () => {
    expect(requestOf({ ...edit, mentions: ["bo"] })[1]).toMatchObject({ content: "new", mentions: ["bo"] });
    const [one, other] = [aMessage(1, { mentions: ["ana"] }), aMessage(1, { mentions: ["ana"] })];
    expect(applyToMessage(one, [queued({ ...edit, mentions: ["bo"] })], "maya").mentions).toEqual(["bo"]);
    expect(applyToMessage(other, [queued(edit)], "maya").mentions).toEqual(["ana"]);
  });

  test("names a message that waits itself by what it will be known by, and asks for nothing of its state", () => {
    expect(requestOf(edit)).toEqual(["edit_message", { messageId: "message-1", content: "new", ifChange: 4 }]);
    expect(requestOf({ ...edit, messageId: null })).toEqual([
      "edit_message",
      { clientMessageId: "own-1", content: "new" },
    ]);
  });
});

test("a deletion leaves nothing of what was said, and nothing happens to it any more", () => {
  const gone = applyToMessage(
    aMessage(1, { reactions: [reaction("👍", ["bo"])] }),
    [queued({ kind: "delete", messageId: "message-1" }), react("👍", true)],
    "maya",
  );
  expect(gone).toMatchObject({ content: "", deletedAt: momentOf(9), deletedBy: "maya", reactions: [] });
});

test("a pin is there and gone as it was chosen", () => {
  const pin = (on: boolean) => queued({ kind: "pin", messageId: "message-1", on });
  expect(applyToMessage(aMessage(1), [pin(true)], "maya").pinnedAt).toBe(momentOf(9));
  expect(applyToMessage(aMessage(1), [pin(true), pin(false)], "maya").pinnedAt).toBe(null);
});
