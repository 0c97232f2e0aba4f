// @vitest-environment node
import { describe, expect, test } from "vitest";
import { settle, setUpConversation } from "./testing/conversationBench";
import { aMessage, aRoom, aRun } from "./testing/samples";
import type { Message, MessageAction } from "./types";

const bench = setUpConversation();
const edited = (seq: number, change: number): Message => aMessage(seq, { change, content: `change ${change}` });
const contents = () => bench().state.items.map(({ content }) => content);

async function openWith(last: number): Promise<void> {
  bench().serve(aRun(1, last));
  await bench().open();
}

describe("what becomes of the messages of an open conversation", () => {
  test("is seen live, and asked for where a change is missing", async () => {
    await openWith(3);
    bench().model.hearChange(1, edited(1, 1));
    expect(contents()).toEqual(["change 1", "text 2", "text 3"]);
    bench().serve([edited(1, 1), edited(2, 2), edited(3, 3)]);
    bench().model.hearChange(3, edited(3, 3));
    expect(contents()).toEqual(["change 1", "text 2", "change 3"]);
    await settle(150);
    expect(contents()).toEqual(["change 1", "change 2", "change 3"]);
    expect(bench().request.mock.calls.at(-1)).toEqual(["sync", { rooms: { room: { seq: 3, change: 1 } } }]);
  });

  test("is asked for when the list of rooms knows of it", async () => {
    await openWith(3);
    bench().serve([...aRun(1, 2), edited(3, 1)]);
    bench().services.rooms.put(aRoom({ lastSeq: 3, lastChange: 1 }));
    await settle(150);
    expect(contents().at(-1)).toBe("change 1");
  });

  test("comes with the join after a time without a connection", async () => {
    bench().keepsUpTo([aMessage(1), edited(2, 4), aMessage(3)]);
    bench().serve([edited(1, 6), edited(2, 4), edited(3, 5), aMessage(4)]);
    await bench().open();
    expect(bench().joins).toEqual([{ chatRoomId: "room", afterSeq: 3, afterChange: 4 }]);
    expect(contents()).toEqual(["change 6", "change 4", "change 5", "text 4"]);
    await settle(1_000);
    expect(bench().keep.mock.calls.at(-1)?.[0].lastChange).toBe(6);
  });

  test("is not undone by older messages that were read before it", async () => {
    await openWith(60);
    let answer: (page: Message[]) => void = () => undefined;
    bench().listMessages.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const loading = bench().model.loadOlder();
    bench().model.hearChange(1, edited(5, 1));
    answer(aRun(1, 10));
    await loading;
    expect(contents()[4]).toBe("change 1");
  });

  test("replaces what is kept of it on the device", async () => {
    await openWith(3);
    await settle(1_000);
    bench().model.hearChange(1, aMessage(2, { change: 1, content: "gone", deletedAt: "2026-01-02" }));
    await settle(1_000);
    expect(JSON.stringify(bench().keep.mock.calls.at(-1))).not.toContain("text 2");
  });
});

test("what was done here is shown while it waits, and as before when it is given up", async () => {
  await openWith(2);
  const { outbox } = bench().services;
  const like: MessageAction = { kind: "react", messageId: "message-2", emoji: "👍", on: true };
  const items = () => bench().state.items;
  const before = items();
  outbox.act("room", like);
  expect(items()[1]?.reactions).toEqual([{ emoji: "👍", count: 1, userIds: ["maya"], isOwn: true }]);
  expect(items()[0]).toBe(before[0]);
  outbox.act("room", { ...like, on: false });
  expect(outbox.actions.getSnapshot()).toHaveLength(1);
  expect(items()[1]?.reactions).toEqual([]);
  outbox.discard(outbox.actions.getSnapshot()[0]!.clientMessageId);
  expect(items()[1]?.reactions).toEqual([]);
});
