// @vitest-environment node
import { describe, expect, test } from "vitest";
import { setUpConversation } from "./testing/conversationBench";
import { aMessage, anOwnMessage, aRoom, aRun, MAYA } from "./testing/samples";

const bench = setUpConversation();

describe("an open conversation", () => {
  test("ticks by receipts, also by those that were missed", async () => {
    const missed = { juniper: { lastReadSeq: 1, lastDeliveredSeq: 2 } };
    bench().serve([anOwnMessage(1), anOwnMessage(2)], {}, missed);
    await bench().open();
    expect(bench().state.items.map((item) => item.state)).toEqual(["read", "delivered"]);
    bench().model.hearReceipt("juniper", { read: 2, delivered: 2 });
    expect(bench().state.items.map((item) => item.state)).toEqual(["read", "read"]);
  });

  test("shows what one writes at once, under the same key when it is stored", async () => {
    bench().serve(aRun(1, 2));
    await bench().open();
    bench().model.send("  Hello  ");
    bench().model.send("   ");
    const [written] = bench().state.items.slice(-1);
    expect(written).toMatchObject({ content: "Hello", state: "queued", seq: null, sender: MAYA });
    expect(bench().state.items).toHaveLength(3);
    bench().model.hearMessage(anOwnMessage(3, { clientMessageId: written!.clientMessageId, content: "Hello" }));
    expect(bench().state.items).toHaveLength(3);
    expect(bench().state.items.at(-1)).toMatchObject({ key: written!.key, state: "sent", seq: 3 });
    expect(bench().services.outbox.queue.getSnapshot()).toEqual([]);
  });

  test("shows files that wait as a message, whether or not anything was written with them", async () => {
    bench().serve([]);
    await bench().open();
    bench().model.send("  ", null, [], ["one", "two"]);
    bench().model.send("With words", null, [], ["three"]);
    bench().model.send("  ", null, [], []);
    expect(bench().state.items).toMatchObject([
      { content: "", state: "queued", fileIds: ["one", "two"], attachments: [] },
      { content: "With words", state: "queued", fileIds: ["three"], attachments: [] },
    ]);
  });

  test("keeps its line of new messages when more arrive and when they are read", async () => {
    bench().serve(aRun(1, 5), { lastReadSeq: 3, unreadCount: 2 });
    await bench().open();
    bench().services.rooms.put(aRoom({ lastSeq: 6, lastReadSeq: 6 }));
    bench().model.hearMessage(aMessage(6));
    expect(bench().state.firstUnreadSeq).toBe(4);
  });

  test("is told who types, and tells it", async () => {
    bench().serve([]);
    await bench().open();
    bench().services.typing.hear({ chatRoomId: "room", userId: "juniper", isTyping: true });
    expect(bench().state.typing).toEqual(["juniper"]);
    bench().model.hearMessage(aMessage(1));
    expect(bench().state.typing).toEqual([]);
    bench().model.typing.set(true);
    expect(bench().tell).toHaveBeenCalledWith("typing", { chatRoomId: "room", isTyping: true });
  });
});
