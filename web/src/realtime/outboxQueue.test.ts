// @vitest-environment node
import { describe, expect, test } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { judge, nextToSend, putQueued, removeQueued, type QueuedMessage } from "./outboxQueue";

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
