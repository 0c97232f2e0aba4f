// @vitest-environment node
import { describe, expect, test } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { canWrite } from "./conversationFacts";
import type { KeptConversation } from "./device";
import { NO_RECEIPTS } from "./receipts";
import { settle, setUpConversation } from "./testing/conversationBench";
import { aMessage, anOwnMessage, aRoom, aRun } from "./testing/samples";

const bench = setUpConversation();

describe("opening a conversation", () => {
  test("shows the latest messages, and where the new ones begin", async () => {
    bench().serve(aRun(1, 80), { lastReadSeq: 77, unreadCount: 3 });
    await bench().open();
    expect(bench().state).toMatchObject({ phase: "ready", hasOlder: true, firstUnreadSeq: 78 });
    expect([bench().seqs[0], bench().seqs.length]).toEqual([31, 50]);
  });

  test("shows what was kept at once, and asks only for what came after it", async () => {
    bench().keepsUpTo(aRun(1, 5));
    bench().request.mockReturnValue(new Promise(() => undefined));
    void bench().make().open();
    await settle();
    expect(bench().seqs).toEqual([1, 2, 3, 4, 5]);
    expect(bench().joins).toEqual([{ chatRoomId: "room", afterSeq: 5, afterChange: 0 }]);
  });

  test("begins anew when too much was missed since it was kept", async () => {
    bench().keepsUpTo(aRun(1, 5));
    bench().serve(aRun(1, 600));
    await bench().open();
    expect([bench().seqs[0], bench().seqs.length]).toEqual([551, 50]);
  });

  test("ends the mark that it is to be read later, but not one that is set while it is open", async () => {
    const marks = () => bench().services.outbox.actions.getSnapshot();
    bench().serve(aRun(1, 2), { markedUnread: true });
    await bench().open();
    expect(marks()).toMatchObject([{ roomId: "room", action: { kind: "markUnread", unread: false } }]);
    bench().services.outbox.discard(marks()[0]!.clientMessageId);
    bench().services.rooms.put(aRoom({ lastSeq: 2, markedUnread: true }));
    await bench().model.rejoin();
    expect(marks()).toEqual([]);
  });

  test("works for a room in which nothing was said yet", async () => {
    bench().serve([]);
    await bench().open();
    expect(bench().state).toMatchObject({ phase: "ready", items: [], hasOlder: false });
    bench().model.hearMessage(aMessage(1));
    expect(bench().seqs).toEqual([1]);
  });

  test("waits while the connection is being made, and fails when there is none in sight and nothing is kept", async () => {
    bench().isConnected = false;
    await bench().open();
    expect(bench().state.phase).toBe("loading");
    bench().isHopeless = true;
    bench().model.disconnected();
    expect(bench().state).toMatchObject({ phase: "failed", error: { code: "offline" } });
    bench().serve(aRun(1, 2));
    [bench().isConnected, bench().isHopeless] = [true, false];
    await bench().model.rejoin();
    expect(bench().state).toMatchObject({ phase: "ready", error: null });
  });

  test("fails when one is not a member, and keeps nothing of it", async () => {
    bench().keepsUpTo(aRun(1, 5));
    bench().services.rooms.put(aRoom());
    bench().request.mockRejectedValue(new ChatError("access_denied", "No."));
    await bench().open();
    expect(bench().state).toMatchObject({ phase: "failed", items: [], error: { code: "access_denied" } });
    expect(canWrite(bench().state)).toBe(false);
    expect(bench().forget).toHaveBeenCalledWith("room");
    await settle(60_000);
    expect(bench().joins).toHaveLength(1);
  });

  test("is tried again when the server could not answer, and at once when it is asked to", async () => {
    bench().request.mockRejectedValue(new ChatError("unavailable", ""));
    await bench().open();
    expect(bench().state.phase).toBe("failed");
    await settle(1_000);
    expect(bench().joins).toHaveLength(2);
    bench().serve(aRun(1, 2));
    bench().model.reload();
    await settle();
    expect(bench().state.phase).toBe("ready");
  });
});

describe("a conversation that could not be loaded yet", () => {
  test("takes what is written if its room is known, and has it in its place once it is loaded", async () => {
    [bench().isConnected, bench().isHopeless] = [false, true];
    bench().services.rooms.put(aRoom({ lastSeq: 2 }));
    await bench().open();
    expect(bench().state).toMatchObject({ phase: "failed", error: { code: "offline" }, room: { id: "room" } });
    expect(canWrite(bench().state)).toBe(true);
    bench().model.send("written without a network");
    const [written] = bench().state.items;
    expect(written).toMatchObject({ state: "queued", content: "written without a network" });
    bench().serve([...aRun(1, 2), anOwnMessage(3, { clientMessageId: written!.clientMessageId })]);
    [bench().isConnected, bench().isHopeless] = [true, false];
    await bench().model.rejoin();
    expect(bench().seqs).toEqual([1, 2, 3]);
    expect(bench().state.phase).toBe("ready");
  });

  test("takes nothing if nobody knows its room", async () => {
    [bench().isConnected, bench().isHopeless] = [false, true];
    await bench().open();
    expect(bench().state).toMatchObject({ phase: "failed", room: null });
    expect(canWrite(bench().state)).toBe(false);
  });
});

describe("joining", () => {
  test("waits for what is kept, so that it need not be sent again", async () => {
    let answer: (conversation: KeptConversation) => void = () => undefined;
    bench().services.readKept = () => new Promise((resolve) => (answer = resolve));
    bench().serve(aRun(1, 6));
    const opening = bench().make().open();
    await bench().model.rejoin();
    expect(bench().joins).toEqual([]);
    answer({ roomId: "room", messages: aRun(1, 5), lastChange: 0, receipts: NO_RECEIPTS, keptAt: 0 });
    await opening;
    expect(bench().joins).toEqual([{ chatRoomId: "room", afterSeq: 5, afterChange: 0 }]);
  });

  test("takes no notice of the answer to an earlier join", async () => {
    bench().serve(aRun(1, 5));
    await bench().open();
    let answerOld: (answer: unknown) => void = () => undefined;
    bench().request.mockReturnValueOnce(new Promise((resolve) => (answerOld = resolve)));
    const old = bench().model.rejoin();
    bench().serve(aRun(1, 6));
    await bench().model.rejoin();
    answerOld({ room: aRoom({ lastSeq: 2 }), reload: true });
    await old;
    expect(bench().seqs).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
