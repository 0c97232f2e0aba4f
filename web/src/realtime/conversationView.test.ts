// @vitest-environment node
import { describe, expect, test } from "vitest";
import { joined, learnCursor, learnMessage, learnRun, NO_FACTS } from "./conversationFacts";
import { EMPTY_VIEW, viewOf } from "./conversationView";
import type { QueuedMessage } from "./outboxQueue";
import { aMessage, anOwnMessage, aRoom, aRun, MAYA } from "./testing/samples";

const QUEUED: QueuedMessage = {
  clientMessageId: "own-4",
  roomId: "room",
  content: "written here",
  createdAt: "2026-01-01T00:00:00.000Z",
  order: 1,
  state: "queued",
  error: null,
};
const ALONE = { isJoined: true, me: MAYA, queue: [], actions: [], typing: [] };
const FACTS = joined(learnRun(NO_FACTS, [anOwnMessage(1), ...aRun(2, 3)]), aRoom({ lastSeq: 3 }), [], false);

describe("the view of a conversation", () => {
  test("shows what waits after what is stored", () => {
    const { items } = viewOf(EMPTY_VIEW, FACTS, { ...ALONE, queue: [QUEUED] });
    expect(items.map(({ seq, state }) => [seq, state])).toEqual([
      [1, "read"],
      [2, null],
      [3, null],
      [null, "queued"],
    ]);
  });

  test("keeps the key of a message from writing to long after", () => {
    const written = viewOf(EMPTY_VIEW, FACTS, { ...ALONE, queue: [QUEUED] });
    const stored = viewOf(written, learnMessage(FACTS, anOwnMessage(4)), ALONE);
    expect(stored.items.at(-1)).toMatchObject({ key: written.items.at(-1)?.key, seq: 4, state: "sent" });
  });

  test("shows an acknowledged message at the end while others before it have not come", () => {
    const { items } = viewOf(EMPTY_VIEW, learnMessage(FACTS, anOwnMessage(5)), ALONE);
    expect(items.at(-1)).toMatchObject({ key: "own-5", seq: null, state: "sent" });
  });

  test("is the same object when nothing has changed, and each item stays when another changes", () => {
    const before = viewOf(EMPTY_VIEW, FACTS, ALONE);
    expect(viewOf(before, { ...FACTS }, { ...ALONE })).toBe(before);
    const after = viewOf(before, learnMessage(FACTS, aMessage(4)), ALONE);
    expect(after.items.slice(0, 3).every((item, index) => item === before.items[index])).toBe(true);
  });

  test("ticks own messages as receipts come in", () => {
    const own = joined(learnRun(NO_FACTS, [anOwnMessage(1)]), aRoom({ lastSeq: 1 }), [], false);
    const ticks = [
      own,
      learnCursor(own, "juniper", { read: 0, delivered: 1 }),
      learnCursor(own, "juniper", { read: 1, delivered: 1 }),
    ];
    expect(ticks.map((facts) => viewOf(EMPTY_VIEW, facts, ALONE).items[0]?.state)).toEqual([
      "sent",
      "delivered",
      "read",
    ]);
  });

  test("says why a message was refused", () => {
    const refused: QueuedMessage = {
      ...QUEUED,
      state: "refused",
      error: { code: "room_blocked", message: "Blocked." },
    };
    const { items } = viewOf(EMPTY_VIEW, FACTS, { ...ALONE, queue: [refused] });
    expect(items.at(-1)).toMatchObject({ state: "refused", error: { code: "room_blocked", message: "Blocked." } });
  });
});
