// @vitest-environment node
import { describe, expect, test } from "vitest";
import { WritableStore } from "../lib/store";
import type { Queue, QueuedMessage } from "./outboxQueue";
import type { Room } from "./types";
import { orderByWaiting, WaitingMessages } from "./waiting";

const rooms = ["a", "b", "c", "d"].map(
  (id, index) => ({ id, lastMessageAt: index === 3 ? null : `2026-03-01T0${9 - index}:00:00.000Z` }) as Room,
);

function message(roomId: string, order: number, change: Partial<QueuedMessage> = {}): QueuedMessage {
  const createdAt = `2020-01-01T00:00:0${order}.000Z`; // the device's clock is six years behind
  return {
    clientMessageId: `${roomId}${order}`,
    roomId,
    content: "Hi",
    createdAt,
    order,
    state: "queued",
    error: null,
    ...change,
  };
}

const idsOf = (queue: Queue): string =>
  orderByWaiting(rooms, new WaitingMessages(new WritableStore(queue)).getSnapshot())
    .map(({ id }) => id)
    .join("");

describe("the list of conversations", () => {
  test("stays as it is when nothing waits: the same object", () => {
    expect(orderByWaiting(rooms, {})).toBe(rooms);
  });

  test("begins with what was written last, whatever the device's clock says", () => {
    expect(idsOf([message("d", 1), message("b", 2)])).toBe("bdac");
    expect(idsOf([message("b", 1), message("d", 2), message("b", 3)])).toBe("bdac");
  });

  test("has a refused message at its time, not on top for ever", () => {
    const refused = { state: "refused", createdAt: "2026-03-01T08:30:00.000Z" } as const;
    expect(idsOf([message("d", 1, refused)])).toBe("adbc");
    expect(idsOf([message("c", 1, { state: "refused" })])).toBe("abcd");
  });
});

describe("what waits in a room", () => {
  test("is the message that stands last there, and the same object until the queue is another", () => {
    const queue = new WritableStore<Queue>([message("a", 1), message("a", 2)]);
    const waiting = new WaitingMessages(queue);
    const before = waiting.getSnapshot();
    expect(before.a?.clientMessageId).toBe("a2");
    expect(waiting.getSnapshot()).toBe(before);
    queue.set([]);
    expect(waiting.getSnapshot()).toEqual({});
  });
});
