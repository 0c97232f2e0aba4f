// @vitest-environment node
import { describe, expect, test } from "vitest";
import { createRoom } from "./room.fixture";
import { selectRooms } from "./roomFilters";

const ROOMS = [
  createRoom("read"),
  createRoom("unread", { unreadCount: 2 }),
  createRoom("marked", { markedUnread: true }),
  createRoom("group", { type: "group" }),
  createRoom("archived", { archived: true, unreadCount: 1 }),
  createRoom("archived group", { archived: true, type: "group" }),
];

describe("the list of conversations", () => {
  test.each([
    ["all", ["read", "unread", "marked", "group"]],
    ["unread", ["unread", "marked"]],
    ["groups", ["group"]],
    ["archived", ["archived", "archived group"]],
  ] as const)("shows of %s those that are so", (filter, names) => {
    expect(selectRooms(ROOMS, filter, null).map(({ id }) => id)).toEqual(names.map((name) => `room-${name}`));
  });

  test("keeps the one that is open among the unread ones, so that reading it does not take it away", () => {
    expect(selectRooms(ROOMS, "unread", "room-read").map(({ id }) => id)).toContain("room-read");
  });
});
