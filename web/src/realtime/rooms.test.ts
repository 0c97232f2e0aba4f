// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { offlineError } from "../lib/api/chatError";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { NO_FILES } from "./attached";
import type { ChatApi, RoomPage } from "./chatApi";
import { Device } from "./device";
import { RoomsModel } from "./rooms";
import type { Queue, QueuedAction } from "./outboxQueue";
import { WritableStore } from "../lib/store";
import { aRoom, momentOf } from "./testing/samples";
import { TypingWatch } from "./typingWatch";
import type { Action, Presence, Room } from "./types";

const listRooms = vi.fn<ChatApi["listRooms"]>();
const countUnread = vi.fn<ChatApi["countUnread"]>();
const getRoom = vi.fn<(roomId: string) => Promise<Room>>();
const listPresence = vi.fn<(ids: readonly string[]) => Promise<Presence[]>>();
const page = (...rooms: Room[]): RoomPage => ({ rooms, nextCursor: null });
let rooms: RoomsModel;
let typing: TypingWatch;
let actions: WritableStore<Queue<QueuedAction>>;

beforeEach(() => {
  vi.useFakeTimers();
  listRooms.mockReset().mockResolvedValue(page(aRoom({ lastSeq: 4, lastReadSeq: 1, unreadCount: 3 })));
  listPresence.mockReset().mockResolvedValue([{ userId: "juniper", online: true, status: "online", lastSeenAt: null }]);
  getRoom.mockReset();
  countUnread.mockReset().mockResolvedValue({ count: 0, rooms: {} });
  typing = new TypingWatch();
  actions = new WritableStore<Queue<QueuedAction>>([]);
  const api = { listRooms, listPresence, getRoom, countUnread } as unknown as ChatApi;
  rooms = new RoomsModel(api, typing, actions, () => "maya");
});
afterEach(() => {
  rooms.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const state = () => rooms.state.getSnapshot();

describe("the list of rooms", () => {
  test("is there from the cache before the server has answered", async () => {
    const device = new Device(new MemoryDatabase());
    await device.keepRooms([aRoom({ id: "kept" })]);
    await rooms.attach(device);
    expect(state()).toMatchObject({ phase: "ready", rooms: [{ id: "kept" }] });
    await rooms.load();
    expect(state().rooms.map(({ id }) => id)).toEqual(["room"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await device.readRooms()).toMatchObject([{ id: "room" }]);
  });

  test("fails when neither has any, and is loaded when it is asked again", async () => {
    listRooms.mockRejectedValueOnce(offlineError());
    await expect(rooms.load()).rejects.toMatchObject({ code: "offline" });
    expect(state()).toMatchObject({ phase: "failed", error: { code: "offline" } });
    await rooms.load();
    expect(state()).toMatchObject({ phase: "ready", error: null, totalUnread: 3 });
  });

  test("keeps showing what it had when loading anew fails", async () => {
    await rooms.load();
    listRooms.mockRejectedValueOnce(offlineError());
    await expect(rooms.load()).rejects.toThrow();
    expect(state()).toMatchObject({ phase: "ready", rooms: [{ id: "room" }] });
  });

  test("keeps who is in a large room, whose announcements leave that out", async () => {
    await rooms.load();
    const [before] = state().rooms;
    rooms.put(aRoom({ lastSeq: 9, members: [] }));
    expect(state().rooms).toMatchObject([{ lastSeq: 9, members: before!.members }]);
    expect(getRoom).not.toHaveBeenCalled();
  });

  test("asks who is in a large room that it hears of for the first time, once", async () => {
    await rooms.load();
    getRoom.mockRejectedValueOnce(offlineError()).mockResolvedValue(aRoom({ id: "large", lastSeq: 2 }));
    rooms.put(aRoom({ id: "large", lastSeq: 1, members: [] }));
    await vi.advanceTimersByTimeAsync(100);
    expect(state().rooms.find(({ id }) => id === "large")?.members).toEqual([]);
    rooms.put(aRoom({ id: "large", lastSeq: 2, members: [] }));
    rooms.put(aRoom({ id: "large", lastSeq: 3, members: [] }));
    await vi.advanceTimersByTimeAsync(100);
    expect(state().rooms.find(({ id }) => id === "large")).toMatchObject({ lastSeq: 3, members: aRoom().members });
    expect(getRoom).toHaveBeenCalledTimes(2);
  });

  test("keeps what it heard while it was loading", async () => {
    let answer: (page: RoomPage) => void = () => undefined;
    listRooms.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const loading = rooms.load();
    rooms.put(aRoom({ lastSeq: 9 }));
    rooms.put(aRoom({ id: "new", lastMessageAt: momentOf(9) }));
    answer(page(aRoom({ lastSeq: 8 })));
    await loading;
    expect(state().rooms.map(({ id, lastSeq }) => [id, lastSeq])).toEqual([
      ["new", 0],
      ["room", 9],
    ]);
  });

  describe("that has older rooms", () => {
    const [newest, older, oldest] = [9, 5, 1].map((at) => aRoom({ id: `at-${at}`, lastMessageAt: momentOf(at) }));
    const ids = (): string[] => state().rooms.map(({ id }) => id);

    beforeEach(async () => {
      listRooms.mockImplementation(({ count = 0, from = null } = {}) =>
        Promise.resolve(
          from !== null
            ? page(older!, oldest!)
            : count > 1
              ? page(newest!, older!, oldest!)
              : { ...page(newest!), nextCursor: "9" },
        ),
      );
      await rooms.load();
    });

    test("says so, and adds them when they are asked for, once", async () => {
      expect([state().hasOlder, ids()]).toEqual([true, ["at-9"]]);
      await Promise.all([rooms.loadOlder(), rooms.loadOlder()]);
      expect([state().hasOlder, ids()]).toEqual([false, ["at-9", "at-5", "at-1"]]);
      await rooms.loadOlder();
      expect(listRooms).toHaveBeenCalledTimes(2);
    });

    test("loads as many anew as there were", async () => {
      await rooms.loadOlder();
      await rooms.load();
      expect(listRooms).toHaveBeenLastCalledWith({ count: 3 });
      expect([state().hasOlder, ids()]).toEqual([false, ["at-9", "at-5", "at-1"]]);
    });

    test("keeps what was heard of an older one meanwhile", async () => {
      rooms.put({ ...oldest!, lastSeq: 7, lastMessageAt: momentOf(10) });
      await rooms.loadOlder();
      expect(ids()).toEqual(["at-1", "at-9", "at-5"]);
      expect(rooms.find("at-1")?.lastSeq).toBe(7);
    });

    test("counts what is unread there, too, until it is read on another device, or the older ones are here", async () => {
      countUnread.mockResolvedValue({ count: 6, rooms: { "at-9": 1, "at-5": 2, "at-1": 3 } });
      await rooms.load();
      await vi.advanceTimersByTimeAsync(0);
      expect(state().totalUnread).toBe(5);
      rooms.put(aRoom({ id: "at-5", lastSeq: 2, lastReadSeq: 2, unreadCount: 0 }));
      expect(state().totalUnread).toBe(3);
      rooms.put(aRoom({ id: "at-9", lastSeq: 2, lastReadSeq: 0, unreadCount: 2, lastMessageAt: momentOf(10) }));
      expect(state().totalUnread).toBe(5);
      await rooms.loadOlder();
      expect([ids(), state().totalUnread]).toEqual([["at-9", "at-5", "at-1"], 2]);
    });

    test("counts what is here when the server cannot say more", async () => {
      countUnread.mockRejectedValue(offlineError());
      rooms.put(aRoom({ id: "at-9", lastSeq: 2, unreadCount: 2, lastMessageAt: momentOf(9) }));
      await vi.advanceTimersByTimeAsync(0);
      expect(state().totalUnread).toBe(2);
    });

    test("goes on when the older ones could not be had, and asks for them again", async () => {
      listRooms.mockRejectedValueOnce(offlineError());
      await rooms.loadOlder();
      expect([state().phase, state().hasOlder, ids()]).toEqual(["ready", true, ["at-9"]]);
      await rooms.loadOlder();
      expect(ids()).toEqual(["at-9", "at-5", "at-1"]);
    });
  });

  test("shows as read at once what was read here, although older news come in", async () => {
    await rooms.load();
    rooms.markRead("room", 4);
    expect(state()).toMatchObject({ totalUnread: 0 });
    rooms.put(aRoom({ lastSeq: 4, lastReadSeq: 1, unreadCount: 3 }));
    expect(state()).toMatchObject({ totalUnread: 0 });
    rooms.put(aRoom({ lastSeq: 5, lastReadSeq: 4, unreadCount: 1 }));
    expect(state()).toMatchObject({ totalUnread: 1 });
  });

  test("shows as read after a reload what was read without a network, until the server says so too", async () => {
    const device = new Device(new MemoryDatabase());
    await rooms.load();
    await rooms.attach(device);
    rooms.markRead("room", 3);
    rooms.markRead("room", 4);
    const anew = new RoomsModel({ listRooms, listPresence } as unknown as ChatApi, typing, actions, () => "maya");
    await anew.attach(device);
    expect(anew.readBefore()).toEqual([{ roomId: "room", seq: 4 }]);
    await anew.load();
    expect(anew.state.getSnapshot().totalUnread).toBe(0);
    anew.put(aRoom({ lastSeq: 4, lastReadSeq: 4 }));
    expect(anew.readBefore()).toEqual([]);
    expect(await device.readMarks()).toEqual([]);
    anew.close();
  });

  test("keeps the highest of what was read before and after the device was known", async () => {
    const device = new Device(new MemoryDatabase());
    await device.keepMark({ roomId: "room", seq: 2 });
    await device.keepMark({ roomId: "other", seq: 9 });
    await rooms.load();
    rooms.markRead("room", 4);
    await rooms.attach(device);
    const highest = [
      { roomId: "other", seq: 9 },
      { roomId: "room", seq: 4 },
    ];
    expect(await device.readMarks()).toEqual(highest);
    expect(state().totalUnread).toBe(0);
  });

  test("asks once for the presence of everybody else, and follows it", async () => {
    await rooms.load();
    rooms.put(aRoom({ lastSeq: 5 }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listPresence.mock.calls).toEqual([[["juniper"]]]);
    expect(state().presence.juniper?.online).toBe(true);
    rooms.hearPresence({ userId: "juniper", online: false, lastSeenAt: momentOf(1) });
    expect(state().presence.juniper?.online).toBe(false);
  });

  test.each([
    ["chose a status", { status: "away" }, { online: true, status: "away" }],
    ["came", { online: true }, { online: true, status: "busy" }],
    ["went", { online: false }, { online: false, status: "offline" }],
  ] as const)(
    "believes what it hears that somebody %s more than an answer that was on its way",
    async (_, heard, then) => {
      let answer: (presences: Presence[]) => void = () => undefined;
      listPresence.mockReturnValue(new Promise((resolve) => (answer = resolve)));
      await rooms.load();
      await vi.advanceTimersByTimeAsync(1_000);
      const payload = { userId: "juniper", lastSeenAt: momentOf(1), ...heard };
      if ("status" in heard) rooms.hearStatus(payload);
      else rooms.hearPresence(payload);
      answer([{ userId: "juniper", online: true, status: "busy", lastSeenAt: null }]);
      await vi.advanceTimersByTimeAsync(0);
      expect(state().presence.juniper).toMatchObject(then);
    },
  );

  test("shows who types", () => {
    typing.hear({ chatRoomId: "room", userId: "juniper", isTyping: true });
    expect(state().typing).toEqual({ room: ["juniper"] });
  });
});

describe("an action on a room", () => {
  const entry = (action: Action, roomId = "room"): QueuedAction => {
    const id = JSON.stringify(action);
    return { clientMessageId: id, roomId, createdAt: "", order: 1, state: "queued", error: null, action };
  };
  const archive = entry({ kind: "archive", archived: true, seq: 9 });
  const block = entry({ kind: "block", userId: "juniper", blocked: true });

  test("is shown while it waits, whatever is heard of the room, and is gone when it was refused", async () => {
    await rooms.load();
    actions.set([archive]);
    rooms.put(aRoom({ lastSeq: 5 }));
    expect(state().rooms).toMatchObject([{ archived: true, lastSeq: 5 }]);
    actions.set([]);
    expect(state().rooms).toMatchObject([{ archived: false, lastSeq: 5 }]);
  });

  test("is left at once, whatever is heard of it, and is there again where that is refused", async () => {
    await rooms.load();
    actions.set([entry({ kind: "leave", userId: "me" })]);
    expect(state().rooms).toEqual([]);
    rooms.put(aRoom({ lastSeq: 6 }));
    expect(state().rooms).toEqual([]);
    actions.set([]);
    expect(state().rooms).toMatchObject([{ lastSeq: 6 }]);
  });

  test("archives what was known of: a message that nobody has seen here brings the room back", async () => {
    await rooms.load();
    actions.set([archive]);
    rooms.put(aRoom({ lastSeq: 10 }));
    expect(state().rooms).toMatchObject([{ archived: false }]);
    rooms.put(aRoom({ lastSeq: 11, muted: "2999-01-01T00:00:00.000Z" }));
    expect(state().rooms).toMatchObject([{ archived: true }]);
  });

  test("that deletes its newest message leaves nothing of it in the list, until it is undone", async () => {
    const last = { id: "message-3", seq: 3, content: "said", type: "text", senderId: "maya", senderName: "" } as const;
    const lastMessage = {
      ...last,
      createdAt: momentOf(3),
      deletedAt: null,
      metadata: null,
      ...NO_FILES,
      isOwn: true,
    };
    listRooms.mockResolvedValue(page(aRoom({ lastMessage })));
    await rooms.load();
    actions.set([entry({ kind: "delete", messageId: "message-3" })]);
    expect(state().rooms[0]?.lastMessage).toMatchObject({ content: "", deletedAt: momentOf(3) });
    actions.set([]);
    expect(state().rooms[0]?.lastMessage).toBe(lastMessage);
  });

  test("stays when the server has taken it, before news of the room has come", async () => {
    await rooms.load();
    actions.set([archive]);
    rooms.settle(archive);
    actions.set([]);
    expect(state().rooms).toMatchObject([{ archived: true }]);
  });

  test("is not kept as if the server knew of it", async () => {
    const device = new Device(new MemoryDatabase());
    await rooms.attach(device);
    actions.set([archive]);
    await rooms.load();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await device.readRooms()).toMatchObject([{ archived: false }]);
  });

  test("on a person is one on every conversation of the two, but on no group", async () => {
    listRooms.mockResolvedValue(
      page(aRoom(), aRoom({ id: "support", type: "support" }), aRoom({ id: "g", type: "group" })),
    );
    await rooms.load();
    actions.set([block]);
    const shown = Object.fromEntries(state().rooms.map((room) => [room.id, [room.status, room.blockedBy]]));
    expect(shown).toEqual({ room: ["blocked", "me"], support: ["blocked", "me"], g: ["active", null] });
  });
});
