// @vitest-environment node
import { describe, expect, test } from "vitest";
import { NO_FILES } from "./attached";
import { changeLast, countUnread, othersIn, putRoom, readUpTo, sortRooms } from "./roomList";
import { aMessage, aRoom, momentOf } from "./testing/samples";

describe("the list of rooms", () => {
  test("shows the latest activity first, and empty rooms last", () => {
    const rooms = [
      aRoom({ id: "empty", lastMessageAt: null }),
      aRoom({ id: "old", lastMessageAt: momentOf(1) }),
      aRoom({ id: "new", lastMessageAt: momentOf(2) }),
      aRoom({ id: "newer and empty", lastMessageAt: null, createdAt: momentOf(9) }),
    ];
    expect(sortRooms(rooms).map(({ id }) => id)).toEqual(["new", "old", "newer and empty", "empty"]);
  });

  test("moves a room up when something is said in it", () => {
    const rooms = [aRoom({ id: "a", lastMessageAt: momentOf(2) }), aRoom({ id: "b", lastMessageAt: momentOf(1) })];
    expect(putRoom(rooms, aRoom({ id: "b", lastMessageAt: momentOf(3), lastSeq: 1 })).map(({ id }) => id)).toEqual([
      "b",
      "a",
    ]);
  });

  test("leaves out news that are older than what is known", () => {
    const rooms = [aRoom({ lastSeq: 5 })];
    expect(putRoom(rooms, aRoom({ lastSeq: 4 }))).toBe(rooms);
  });

  test("counts what is left unread after reading up to a seq, and never reads past the end", () => {
    const room = aRoom({ lastSeq: 10, lastReadSeq: 2, unreadCount: 8 });
    expect(readUpTo(room, 7)).toMatchObject({ lastReadSeq: 7, unreadCount: 3 });
    expect(readUpTo(room, 99)).toMatchObject({ lastReadSeq: 10, unreadCount: 0 });
    expect(readUpTo(room, 1)).toBe(room);
    expect(countUnread([room, readUpTo(room, 7)])).toBe(11);
  });

  test("names everybody else in the rooms once", () => {
    expect(othersIn([aRoom(), aRoom({ id: "b" })], "maya")).toEqual(["juniper"]);
  });
});

describe("a change of the newest message", () => {
  const last = { id: "message-3", seq: 3, content: "said", type: "text", senderId: "juniper", senderName: "" } as const;
  const lastMessage = {
    ...last,
    createdAt: momentOf(3),
    metadata: null,
    deletedAt: null,
    ...NO_FILES,
    isOwn: false,
  };
  const room = aRoom({ lastSeq: 3, lastChange: 1, lastMessage });
  const deleted = aMessage(3, { change: 2, content: "gone", deletedAt: momentOf(4) });

  test("is what the list says, whatever comes late from before it", () => {
    const changed = changeLast(room, deleted);
    expect(changed).toMatchObject({ lastChange: 2, lastMessage: { content: "gone", deletedAt: momentOf(4) } });
    expect(putRoom([changed], room)).toEqual([changed]);
    expect(changeLast(changed, aMessage(3, { change: 1, content: "said" }))).toBe(changed);
  });

  test("is none of an older message", () => {
    expect(changeLast(room, aMessage(2, { change: 2 })).lastMessage).toBe(lastMessage);
  });
});
