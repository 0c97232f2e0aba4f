import { describe, expect, it } from "vitest";

import { PeopleRequests } from "./roomRequests";
import type { Room, Server } from "./types";

const ROOM = { id: "room/1" } as Room;

/** A server that answers everything by the same, and what it was asked. */
function answering(data: unknown): {
  readonly requests: PeopleRequests;
  readonly asked: string[];
  readonly put: Room[];
} {
  const [asked, put]: [string[], Room[]] = [[], []];
  const server: Server = {
    request: (path, { method = "GET", body } = {}) => {
      asked.push([method, path, ...(body === undefined ? [] : [JSON.stringify(body)])].join(" "));
      return Promise.resolve({ data: data as never, nextCursor: null });
    },
    on: () => () => undefined,
    putRoom: (room) => void put.push(room),
    transport: () => Promise.reject(new Error("Nothing is uploaded.")),
  };
  return { requests: new PeopleRequests(server), asked, put };
}

describe("requests about groups", () => {
  it("show the room as the server answers that it is", async () => {
    const { requests, asked, put } = answering(ROOM);
    await requests.rename("room/1", "Summer");
    await requests.setPicture("room/1", "file-1");
    await requests.setPicture("room/1", null);
    await requests.putMember("room/1", "a b");
    await requests.putMember("room/1", "a b", "admin");
    await requests.removeMember("room/1", "a b");
    expect(asked).toEqual([
      'PATCH /api/chat/rooms/room%2F1 {"title":"Summer"}',
      'PATCH /api/chat/rooms/room%2F1 {"avatar":"file-1"}',
      'PATCH /api/chat/rooms/room%2F1 {"avatar":null}',
      "PUT /api/chat/rooms/room%2F1/members/a%20b {}",
      'PUT /api/chat/rooms/room%2F1/members/a%20b {"role":"admin"}',
      "DELETE /api/chat/rooms/room%2F1/members/a%20b",
    ]);
    expect(put).toEqual([ROOM, ROOM, ROOM, ROOM, ROOM, ROOM]);
  });

  it("make a group by a name of their own, and then know its room", async () => {
    const { requests, asked } = answering({ roomId: "room/1", existing: false });
    await expect(requests.makeGroup({ title: "Spring", memberIds: ["b"], clientRoomId: "c" })).resolves.toBe("room/1");
    expect(asked).toEqual([
      'POST /api/chat/rooms {"type":"group","title":"Spring","memberIds":["b"],"clientRoomId":"c"}',
      "GET /api/chat/rooms/room%2F1",
    ]);
  });

  it("find the one message at a place, and none where there is none", async () => {
    const { requests } = answering([{ seq: 6 }, { seq: 7 }]);
    await expect(requests.findMessage("r", 7)).resolves.toEqual({ seq: 7 });
    await expect(requests.findMessage("r", 8)).resolves.toBeUndefined();
  });
});
