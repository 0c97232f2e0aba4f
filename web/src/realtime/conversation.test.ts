// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError, offlineError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import type { ChatApi } from "./chatApi";
import { ConversationModel } from "./conversation";
import type { ConversationServices } from "./conversationServices";
import type { KeptConversation } from "./device";
import { Outbox } from "./outbox";
import { PositionSender } from "./positionSender";
import { NO_RECEIPTS } from "./receipts";
import { RoomsModel } from "./rooms";
import { aMessage, anOwnMessage, aRoom, aRun, MAYA } from "./testing/samples";
import { TypingWatch } from "./typingWatch";
import type { Message, Room } from "./types";

let isConnected: boolean;
let isHopeless: boolean;
let areRoomsFresh: boolean;
let kept: KeptConversation | undefined;
let model: ConversationModel;
let services: { -readonly [Name in keyof ConversationServices]: ConversationServices[Name] };
const request = vi.fn<(event: string, payload: unknown) => Promise<unknown>>();
const tell = vi.fn<(event: string, payload: unknown) => void>();
const keep = vi.fn<(conversation: KeptConversation) => void>();
const forget = vi.fn<(roomId: string) => void>();
const listMessages = vi.fn<(roomId: string, before?: number) => Promise<Message[]>>();

beforeEach(() => {
  vi.useFakeTimers();
  for (const mock of [request, tell, keep, forget, listMessages]) mock.mockReset();
  [isConnected, isHopeless, areRoomsFresh, kept] = [true, false, false, undefined];
  const api = { listMessages } as unknown as ChatApi;
  const typing = new TypingWatch();
  const outbox = new Outbox({ isConnected: () => false, request, onStored: (message) => model.hearMessage(message) });
  services = {
    me: new WritableStore(MAYA),
    api,
    rooms: new RoomsModel(api, typing, () => MAYA.id),
    outbox,
    typing,
    delivered: new PositionSender({ event: "mark_delivered", request }),
    recent: new Map(),
    areRoomsFresh: () => areRoomsFresh,
    isConnected: () => isConnected,
    isHopeless: () => isHopeless,
    request: <T>(event: string, payload: unknown) => request(event, payload) as Promise<T>,
    tell,
    readKept: () => Promise.resolve(kept),
    keep,
    forget,
  };
});
afterEach(() => {
  model.close();
  services.rooms.close();
  services.typing.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** The server has these messages: it answers joins and syncs with them, as far as they are asked for. */
function serve(messages: readonly Message[], change: Partial<Room> = {}, cursors: object = {}): void {
  const lastSeq = messages.at(-1)?.seq ?? 0;
  request.mockImplementation((event, payload) => {
    if (event === "join_chat") {
      const { afterSeq } = payload as { afterSeq?: number };
      const reload = afterSeq !== undefined && lastSeq - afterSeq > 500;
      const history = messages.filter(({ seq }) => seq > (afterSeq === undefined || reload ? lastSeq - 50 : afterSeq));
      if (history.length > 0) model.hearHistory(history);
      return Promise.resolve({ room: aRoom({ lastSeq, ...change }), reload });
    }
    if (event !== "sync") return Promise.reject(new ChatError("not_found", ""));
    const known = (payload as { rooms: { room: number } }).rooms.room;
    const missed = messages.filter(({ seq }) => seq > known);
    return Promise.resolve({
      rooms: [{ roomId: "room", messages: missed, lastSeq, cursors, reload: false }],
      more: false,
    });
  });
}

async function open(): Promise<void> {
  model = new ConversationModel("room", services);
  await model.open();
  await settle();
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const state = () => model.state.getSnapshot();
const seqs = () => state().items.map(({ seq }) => seq);
const joins = () => request.mock.calls.filter(([event]) => event === "join_chat").map(([, payload]) => payload);

describe("opening a conversation", () => {
  test("shows the latest messages, and where the new ones begin", async () => {
    serve(aRun(1, 80), { lastReadSeq: 77, unreadCount: 3 });
    await open();
    expect(state()).toMatchObject({ phase: "ready", hasOlder: true, firstUnreadSeq: 78 });
    expect([seqs()[0], seqs().length]).toEqual([31, 50]);
  });

  test("shows what was kept at once, and asks only for what came after it", async () => {
    kept = { roomId: "room", messages: aRun(1, 5), receipts: NO_RECEIPTS, keptAt: 0 };
    request.mockReturnValue(new Promise(() => undefined));
    model = new ConversationModel("room", services);
    void model.open();
    await settle();
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
    expect(joins()).toEqual([{ chatRoomId: "room", afterSeq: 5 }]);
  });

  test("begins anew when too much was missed since it was kept", async () => {
    kept = { roomId: "room", messages: aRun(1, 5), receipts: NO_RECEIPTS, keptAt: 0 };
    serve(aRun(1, 600));
    await open();
    expect([seqs()[0], seqs().length]).toEqual([551, 50]);
  });

  test("works for a room in which nothing was said yet", async () => {
    serve([]);
    await open();
    expect(state()).toMatchObject({ phase: "ready", items: [], hasOlder: false });
    model.hearMessage(aMessage(1));
    expect(seqs()).toEqual([1]);
  });

  test("waits while the connection is being made, and fails when there is none in sight and nothing is kept", async () => {
    isConnected = false;
    await open();
    expect(state().phase).toBe("loading");
    isHopeless = true;
    model.disconnected();
    expect(state()).toMatchObject({ phase: "failed", error: { code: "offline" } });
    serve(aRun(1, 2));
    [isConnected, isHopeless] = [true, false];
    await model.rejoin();
    expect(state()).toMatchObject({ phase: "ready", error: null });
  });

  test("fails when one is not a member, and keeps nothing of it", async () => {
    kept = { roomId: "room", messages: aRun(1, 5), receipts: NO_RECEIPTS, keptAt: 0 };
    request.mockRejectedValue(new ChatError("access_denied", "No."));
    await open();
    expect(state()).toMatchObject({ phase: "failed", items: [], error: { code: "access_denied" } });
    expect(forget).toHaveBeenCalledWith("room");
    await settle(60_000);
    expect(joins()).toHaveLength(1);
  });

  test("is tried again when the server could not answer, and at once when it is asked to", async () => {
    request.mockRejectedValue(new ChatError("unavailable", ""));
    await open();
    expect(state().phase).toBe("failed");
    await settle(1_000);
    expect(joins()).toHaveLength(2);
    serve(aRun(1, 2));
    model.reload();
    await settle();
    expect(state().phase).toBe("ready");
  });
});

describe("joining", () => {
  test("waits for what is kept, so that it need not be sent again", async () => {
    let answer: (conversation: KeptConversation) => void = () => undefined;
    services.readKept = () => new Promise((resolve) => (answer = resolve));
    serve(aRun(1, 6));
    model = new ConversationModel("room", services);
    const opening = model.open();
    await model.rejoin();
    expect(joins()).toEqual([]);
    answer({ roomId: "room", messages: aRun(1, 5), receipts: NO_RECEIPTS, keptAt: 0 });
    await opening;
    expect(joins()).toEqual([{ chatRoomId: "room", afterSeq: 5 }]);
  });

  test("takes no notice of the answer to an earlier join", async () => {
    serve(aRun(1, 5));
    await open();
    let answerOld: (answer: unknown) => void = () => undefined;
    request.mockReturnValueOnce(new Promise((resolve) => (answerOld = resolve)));
    const old = model.rejoin();
    serve(aRun(1, 6));
    await model.rejoin();
    answerOld({ room: aRoom({ lastSeq: 2 }), reload: true });
    await old;
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("an open conversation", () => {
  test("closes a gap that it notices in seq", async () => {
    serve(aRun(1, 5));
    await open();
    serve(aRun(1, 9));
    model.hearMessage(aMessage(9));
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
    await settle(150);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("begins anew when a gap is too wide to be closed", async () => {
    serve(aRun(1, 5));
    await open();
    serve(aRun(1, 700));
    services.rooms.put(aRoom({ lastSeq: 700 }));
    await settle(150);
    expect([seqs()[0], seqs().length]).toEqual([651, 50]);
  });

  test("closes no gap that closes by itself", async () => {
    serve(aRun(1, 5));
    await open();
    request.mockClear();
    model.hearMessage(aMessage(7));
    model.hearMessage(aMessage(6));
    await settle(1_000);
    expect(request).not.toHaveBeenCalled();
  });

  test("fetches what the list of rooms knows of and it does not", async () => {
    serve(aRun(1, 5));
    await open();
    serve(aRun(1, 6));
    services.rooms.put(aRoom({ lastSeq: 6 }));
    await settle(150);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("has all that was missed after the connection was lost, once", async () => {
    serve(aRun(1, 5));
    await open();
    isConnected = false;
    model.disconnected();
    serve(aRun(1, 8));
    isConnected = true;
    await model.rejoin();
    expect(joins().at(-1)).toEqual({ chatRoomId: "room", afterSeq: 5 });
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("ticks by receipts, also by those that were missed", async () => {
    serve([anOwnMessage(1), anOwnMessage(2)], {}, { juniper: { lastReadSeq: 1, lastDeliveredSeq: 2 } });
    await open();
    expect(state().items.map((item) => item.state)).toEqual(["read", "delivered"]);
    model.hearReceipt("juniper", { read: 2, delivered: 2 });
    expect(state().items.map((item) => item.state)).toEqual(["read", "read"]);
  });

  test("loads older pages in front until there are none", async () => {
    serve(aRun(1, 60));
    await open();
    listMessages.mockResolvedValue(aRun(1, 10));
    const loading = [model.loadOlder(), model.loadOlder()];
    expect(state().isLoadingOlder).toBe(true);
    await Promise.all(loading);
    expect(listMessages.mock.calls).toEqual([["room", 11]]);
    expect(state()).toMatchObject({ hasOlder: false, isLoadingOlder: false });
    expect(seqs()).toHaveLength(60);
  });

  test("does not ask for older pages with every frame when that fails", async () => {
    serve(aRun(1, 60));
    await open();
    listMessages.mockRejectedValue(offlineError());
    for (let frame = 0; frame < 10; frame++) await model.loadOlder();
    expect(listMessages).toHaveBeenCalledOnce();
    expect(state().isLoadingOlder).toBe(false);
  });

  test("shows what one writes at once, under the same key when it is stored", async () => {
    serve(aRun(1, 2));
    await open();
    model.send("  Hello  ");
    model.send("   ");
    const [written] = state().items.slice(-1);
    expect(written).toMatchObject({ content: "Hello", state: "queued", seq: null, sender: MAYA });
    expect(state().items).toHaveLength(3);
    model.hearMessage(anOwnMessage(3, { clientMessageId: written!.clientMessageId, content: "Hello" }));
    expect(state().items).toHaveLength(3);
    expect(state().items.at(-1)).toMatchObject({ key: written!.key, state: "sent", seq: 3 });
    expect(services.outbox.queue.getSnapshot()).toEqual([]);
  });

  test("keeps its line of new messages when more arrive and when they are read", async () => {
    serve(aRun(1, 5), { lastReadSeq: 3, unreadCount: 2 });
    await open();
    services.rooms.put(aRoom({ lastSeq: 6, lastReadSeq: 6 }));
    model.hearMessage(aMessage(6));
    expect(state().firstUnreadSeq).toBe(4);
  });

  test("is kept on the device a moment after it changed, and at the latest when it is closed", async () => {
    serve(aRun(1, 300));
    await open();
    await settle(1_000);
    expect(keep.mock.calls.at(-1)?.[0].messages.at(-1)?.seq).toBe(300);
    model.hearMessage(aMessage(301));
    model.close();
    expect(keep.mock.calls.at(-1)?.[0].messages.at(-1)?.seq).toBe(301);
    expect(tell).toHaveBeenCalledWith("leave_chat", { chatRoomId: "room" });
  });

  test("is told who types, and tells it", async () => {
    serve([]);
    await open();
    services.typing.hear({ chatRoomId: "room", userId: "juniper", isTyping: true });
    expect(state().typing).toEqual(["juniper"]);
    model.hearMessage(aMessage(1));
    expect(state().typing).toEqual([]);
    model.typing.set(true);
    expect(tell).toHaveBeenCalledWith("typing", { chatRoomId: "room", isTyping: true });
  });
});
