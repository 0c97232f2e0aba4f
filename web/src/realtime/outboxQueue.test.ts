// @vitest-environment node
import { describe, expect, test } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { judge, nextToSend, putQueued, removeQueued, type Queued, type QueuedMessage } from "./outboxQueue";

function queued(order: number, change: Partial<QueuedMessage> = {}): QueuedMessage {
  const clientMessageId = `id-${order}`;
  return { clientMessageId, roomId: "a", content: "", createdAt: "", order, state: "queued", error: null, ...change };
}

describe("the queue", () => {
  test("sends the oldest of each room that has none under way", () => {
    const queue = [queued(1), queued(2), queued(3, { roomId: "b" }), queued(4, { roomId: "c" })];
    expect(nextToSend(queue, new Set(["c"])).map(({ order }) => order)).toEqual([1, 3]);
  });

  test("goes on past a refused message", () => {
    expect(nextToSend([queued(1, { state: "refused" }), queued(2)], new Set())).toEqual([queued(2)]);
  });

  test("holds back what was written after a message that waits for its files, but not what is done to others", () => {
    const isWaiting = ({ fileIds }: QueuedMessage): boolean => fileIds !== undefined;
    const react: Queued = { ...queued(3), action: { kind: "react", messageId: "old", emoji: "👍", on: true } };
    const archive: Queued = { ...queued(2), action: { kind: "archive", archived: true, seq: 1 } };
    const waiting = queued(1, { fileIds: ["a"] });
    const queue = [waiting, archive, react, queued(4), queued(5, { roomId: "b" })];
    expect(nextToSend(queue, new Set(), 0, isWaiting)).toEqual([react, queued(5, { roomId: "b" })]);
    expect(nextToSend(queue, new Set(), 0, () => false)).toEqual([waiting, queued(5, { roomId: "b" })]);
  });

  test("keeps the order of writing, whichever tab tells of a message first", () => {
    expect(putQueued([queued(2)], queued(1)).map(({ order }) => order)).toEqual([1, 2]);
    expect(putQueued([queued(1), queued(2)], queued(1, { state: "refused" }))).toHaveLength(2);
    expect(removeQueued([queued(1)], "id-1")).toEqual([]);
  });

  test.each(["offline", "timeout", "unavailable"])("tries again after %s", (code) => {
    expect(judge(new ChatError(code, ""), 0)).toEqual({ again: true, waitMs: null });
  });

  test("waits as long as a rate limit says", () => {
    expect(judge(new ChatError("rate_limited", "", 700), 0)).toEqual({ again: true, waitMs: 700 });
  });

  test.each(["bad_request", "access_denied", "room_blocked", "conflict", "too_large", "not_found"])(
    "gives up after %s",
    (code) => {
      expect(judge(new ChatError(code, ""), 0)).toEqual({ again: false });
    },
  );

  test("gives up on a message that the server stumbles over again and again", () => {
    expect(judge(new ChatError("internal", ""), 1).again).toBe(true);
    expect(judge(new ChatError("internal", ""), 8).again).toBe(false);
  });
});
