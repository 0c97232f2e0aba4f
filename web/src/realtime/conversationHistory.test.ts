// @vitest-environment node
import { describe, expect, test } from "vitest";
import { offlineError } from "../lib/api/chatError";
import { settle, setUpConversation } from "./testing/conversationBench";
import { aMessage, aRoom, aRun } from "./testing/samples";

const bench = setUpConversation();

async function openWith(last: number): Promise<void> {
  bench().serve(aRun(1, last));
  await bench().open();
}

describe("what is missing in an open conversation", () => {
  test("is fetched when a gap is noticed in seq", async () => {
    await openWith(5);
    bench().serve(aRun(1, 9));
    bench().model.hearMessage(aMessage(9));
    expect(bench().seqs).toEqual([1, 2, 3, 4, 5]);
    await settle(150);
    expect(bench().seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("makes it begin anew when it is too much to be fetched", async () => {
    await openWith(5);
    bench().serve(aRun(1, 700));
    bench().services.rooms.put(aRoom({ lastSeq: 700 }));
    await settle(150);
    expect([bench().seqs[0], bench().seqs.length]).toEqual([651, 50]);
  });

  test("is not fetched when it comes by itself", async () => {
    await openWith(5);
    bench().request.mockClear();
    bench().model.hearMessage(aMessage(7));
    bench().model.hearMessage(aMessage(6));
    await settle(1_000);
    expect(bench().request).not.toHaveBeenCalled();
  });

  test("is fetched when the list of rooms knows of it", async () => {
    await openWith(5);
    bench().serve(aRun(1, 6));
    bench().services.rooms.put(aRoom({ lastSeq: 6 }));
    await settle(150);
    expect(bench().seqs).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("comes once after the connection was lost", async () => {
    await openWith(5);
    bench().isConnected = false;
    bench().model.disconnected();
    bench().serve(aRun(1, 8));
    bench().isConnected = true;
    await bench().model.rejoin();
    expect(bench().joins.at(-1)).toEqual({ chatRoomId: "room", afterSeq: 5, afterChange: 0 });
    expect(bench().seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("older pages", () => {
  test("are put in front until there are none", async () => {
    await openWith(60);
    bench().listMessages.mockResolvedValue(aRun(1, 10));
    const loading = [bench().model.loadOlder(), bench().model.loadOlder()];
    expect(bench().state.isLoadingOlder).toBe(true);
    await Promise.all(loading);
    expect(bench().listMessages.mock.calls).toEqual([["room", 11]]);
    expect(bench().state).toMatchObject({ hasOlder: false, isLoadingOlder: false });
    expect(bench().seqs).toHaveLength(60);
  });

  test("are not asked for with every frame when they cannot be had", async () => {
    await openWith(60);
    bench().listMessages.mockRejectedValue(offlineError());
    for (let frame = 0; frame < 10; frame++) await bench().model.loadOlder();
    expect(bench().listMessages).toHaveBeenCalledOnce();
    expect(bench().state.isLoadingOlder).toBe(false);
  });
});

test("a conversation is kept on the device a moment after it changed, and at the latest when it is closed", async () => {
  await openWith(300);
  await settle(1_000);
  expect(bench().keep.mock.calls.at(-1)?.[0].messages.at(-1)?.seq).toBe(300);
  bench().model.hearMessage(aMessage(301));
  bench().model.close();
  expect(bench().keep.mock.calls.at(-1)?.[0].messages.at(-1)?.seq).toBe(301);
  expect(bench().tell).toHaveBeenCalledWith("leave_chat", { chatRoomId: "room" });
});
