// @vitest-environment node
import { WritableStore } from "../lib/store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { offlineError } from "../lib/api/chatError";
import { Backfill } from "./backfill";
import type { ChatApi } from "./chatApi";
import type { SyncAnswer } from "./conversationServices";
import type { KeptConversation } from "./device";
import { NO_RECEIPTS } from "./receipts";
import { RoomsModel } from "./rooms";
import { aMessage, aRoom, momentOf } from "./testing/samples";
import { TypingWatch } from "./typingWatch";
import type { Message, Room } from "./types";

/** More than the 20 that are kept; the first is the newest. */
const ROOMS = Array.from({ length: 25 }, (_, index) =>
  aRoom({ id: `room-${index}`, lastSeq: 80, lastMessageAt: momentOf(100 - index) }),
);

let listed: readonly Room[];
let isConnected: boolean;
let areRoomsFresh: boolean;
let openId: string;
let rooms: RoomsModel;
let typing: TypingWatch;
let backfill: Backfill;
const disk = new Map<string, KeptConversation>();
const request = vi.fn<(event: string, payload: unknown) => Promise<unknown>>();
const keep = vi.fn<(conversation: KeptConversation) => void>();
const forget = vi.fn<(roomId: string) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  for (const mock of [request, keep, forget]) mock.mockReset();
  [isConnected, areRoomsFresh, openId, listed] = [true, true, "", ROOMS];
  disk.clear();
  keep.mockImplementation((conversation) => disk.set(conversation.roomId, conversation));
  request.mockImplementation((_event, payload) => Promise.resolve(sync(payload as Asked)));
  typing = new TypingWatch();
  const api = {
    listRooms: () => Promise.resolve({ rooms: listed, nextCursor: null }),
    listPresence: () => Promise.resolve([]),
  };
  rooms = new RoomsModel(api as unknown as ChatApi, typing, new WritableStore([]), () => "maya");
  backfill = new Backfill({
    rooms,
    recent: new Map(),
    areRoomsFresh: () => areRoomsFresh,
    isConnected: () => isConnected,
    request: <T>(event: string, payload: unknown) => request(event, payload) as Promise<T>,
    readKept: (roomId) => Promise.resolve(disk.get(roomId)),
    listKept: () => Promise.resolve([...disk].map(([roomId, kept]) => ({ ...upTo(kept), roomId, keptAt: 0 }))),
    keep,
    forget,
    isOpen: (roomId) => roomId === openId,
  });
});
afterEach(() => {
  backfill.close();
  rooms.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const upTo = ({ messages, lastChange }: KeptConversation) => ({ seq: messages.at(-1)?.seq ?? 0, change: lastChange });

interface Asked {
  readonly rooms: Readonly<Record<string, { readonly seq: number; readonly change: number }>>;
}

/** The server's answer: each room has as many messages as the list of rooms says. */
function sync({ rooms: asked }: Asked): object {
  const answers = Object.entries(asked).map(([roomId, { seq, change }]) => {
    const { lastSeq, lastChange } = listed.find(({ id }) => id === roomId) ?? aRoom();
    const changed = lastChange > change ? [aMessage(1, { roomId, change: lastChange, content: "changed" })] : [];
    const cursors = { juniper: { lastReadSeq: lastSeq, lastDeliveredSeq: lastSeq } };
    return {
      roomId,
      messages: messagesOf(roomId, seq + 1, lastSeq),
      changed,
      lastSeq,
      lastChange,
      cursors,
      reload: false,
    };
  });
  return { rooms: answers, more: false };
}

function messagesOf(roomId: string, from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => aMessage(from + index, { roomId }));
}

function keepUpTo(roomId: string, seq: number, lastChange = 0): void {
  keep({ roomId, messages: messagesOf(roomId, 1, seq), lastChange, receipts: NO_RECEIPTS, keptAt: 0 });
}

const wait = (ms = 60_000) => vi.advanceTimersByTimeAsync(ms);
const asked = () => request.mock.calls.map(([, payload]) => (payload as Asked).rooms);
const keptSeqs = (roomId: string) => disk.get(roomId)?.messages.map(({ seq }) => seq) ?? [];

describe("conversations that nobody has opened", () => {
  test("are kept with their latest messages, the newest of them first, and no more than twenty", async () => {
    await rooms.load();
    await wait();
    expect(asked().map((one) => Object.keys(one))).toEqual(ROOMS.slice(0, 20).map(({ id }) => [id]));
    expect([keptSeqs("room-0")[0], keptSeqs("room-0").length]).toEqual([31, 50]);
    expect(disk.get("room-0")?.receipts.byUser.juniper).toEqual({ read: 80, delivered: 80 });
    expect(disk.has("room-20")).toBe(false);
  });

  test("are fetched one at a time, with pauses, a while after the list", async () => {
    let underWay = 0;
    request.mockImplementation(async (_event, payload) => {
      expect(++underWay).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      underWay--;
      return sync(payload as Asked);
    });
    await rooms.load();
    await wait(1_900);
    expect(request).not.toHaveBeenCalled();
    await wait(1_100);
    expect(request.mock.calls.length).toBeLessThan(5);
    await wait();
    expect(request).toHaveBeenCalledTimes(20);
  });

  test("are whole when the server needs several answers for one of them", async () => {
    listed = [aRoom({ id: "room-0", lastSeq: 80 })];
    request.mockImplementation((_event, payload) => {
      const { rooms: answers } = sync(payload as Asked) as SyncAnswer;
      const messages = answers[0]!.messages;
      return Promise.resolve({
        rooms: [{ ...answers[0]!, messages: messages.slice(0, 20) }],
        more: messages.length > 20,
      });
    });
    await rooms.load();
    await wait();
    expect(asked().map((one) => one["room-0"]?.seq)).toEqual([30, 50, 70]);
    expect(keptSeqs("room-0")).toEqual(Array.from({ length: 50 }, (_, index) => 31 + index));
  });

  test("cost nothing when nothing has changed, and no more than what has", async () => {
    for (const { id } of ROOMS) keepUpTo(id, 80);
    await rooms.load();
    await wait();
    expect(request).not.toHaveBeenCalled();
    listed = ROOMS.map((room) => (room.id === "room-7" ? { ...room, lastSeq: 82 } : room));
    rooms.put(listed[7]!);
    await wait();
    expect(asked()).toEqual([{ "room-7": { seq: 80, change: 0 } }]);
    expect(keptSeqs("room-7").slice(-3)).toEqual([80, 81, 82]);
  });

  test("begin anew when more was missed than is kept of one", async () => {
    keepUpTo("room-0", 10);
    await rooms.load();
    await wait();
    expect([keptSeqs("room-0")[0], keptSeqs("room-0").at(-1)]).toEqual([31, 80]);
  });

  test("are fetched without the one that is open, which keeps itself", async () => {
    openId = "room-0";
    await rooms.load();
    await wait();
    expect(asked().map((one) => Object.keys(one))).toEqual(ROOMS.slice(1, 20).map(({ id }) => [id]));
  });

  test("wait for a connection, and for a list that is not only remembered", async () => {
    isConnected = false;
    await rooms.load();
    await wait();
    [isConnected, areRoomsFresh] = [true, false];
    rooms.put({ ...ROOMS[0]!, lastSeq: 81 });
    await wait();
    expect(request).not.toHaveBeenCalled();
    areRoomsFresh = true;
    await wait();
    expect(request).toHaveBeenCalledTimes(20);
  });

  test("are tried again after a good while when the server cannot answer", async () => {
    request.mockRejectedValueOnce(offlineError());
    await rooms.load();
    await wait(20_000);
    expect(request).toHaveBeenCalledTimes(1);
    await wait();
    expect(request).toHaveBeenCalledTimes(21);
  });

  test("are forgotten when one is not a member any more", async () => {
    request.mockResolvedValue({ rooms: [], more: false });
    await rooms.load();
    await wait();
    expect(forget).toHaveBeenCalledTimes(20);
    expect(keep).not.toHaveBeenCalled();
  });

  test("say soon what their messages have become, also those that are not among the newest", async () => {
    for (const { id } of ROOMS) keepUpTo(id, 80);
    await rooms.load();
    await wait();
    listed = ROOMS.map((room) => (room.id === "room-24" ? { ...room, lastChange: 3 } : room));
    rooms.put(listed[24]!);
    await wait(500);
    expect(asked()).toEqual([{ "room-24": { seq: 80, change: 0 } }]);
    expect(disk.get("room-24")).toMatchObject({ lastChange: 3, messages: { 0: { content: "changed" }, length: 80 } });
    await wait();
    expect(request).toHaveBeenCalledOnce();
  });

  test("are not asked about changes of messages that nothing is kept of", async () => {
    listed = [aRoom({ id: "room-0", lastSeq: 80, lastChange: 9 })];
    await rooms.load();
    await wait();
    expect(asked()).toEqual([{ "room-0": { seq: 30, change: 9 } }]);
    expect(disk.get("room-0")?.lastChange).toBe(9);
  });
});
