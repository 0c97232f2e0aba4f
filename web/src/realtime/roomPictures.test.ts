import { beforeEach, expect, test, vi } from "vitest";
import { WritableStore } from "../lib/store";
import { keptFilesOf } from "./keptFiles";
import { RoomPictures } from "./roomPictures";
import type { ChatClient, ConnectionState, Room, User } from "./types";

const ADDRESS = "/api/chat/files/f1/preview?user=me&until=900&signature=a";

const entries = new Map<string, Response>();
let rooms: WritableStore<{ phase: string; rooms: readonly Room[]; hasOlder: boolean }>;
let connection: WritableStore<ConnectionState>;
let asked: string[];
let put: Room[];
let pictures: RoomPictures;

function group(id: string, avatar: string | null): Room {
  return { id, otherParticipant: { id, name: id, avatar, role: "group" } } as unknown as Room;
}

function show(...shown: Room[]): void {
  rooms.set({ phase: "ready", rooms: shown, hasOlder: false });
}

beforeEach(() => {
  entries.clear();
  const pathOf = (key: string | Request) => (typeof key === "string" ? key : new URL(key.url).pathname);
  const cache = {
    keys: () => Promise.resolve([...entries.keys()].map((path) => new Request(`https://chat.example${path}`))),
    match: (key: string | Request) => Promise.resolve(entries.get(pathOf(key))?.clone()),
    put: (key: string, answer: Response) => Promise.resolve(void entries.set(key, answer)),
    delete: (key: string | Request) => Promise.resolve(entries.delete(pathOf(key))),
  };
  vi.stubGlobal("caches", { open: () => Promise.resolve(cache), delete: () => Promise.resolve(true) });
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(new Response("bytes"))),
  );
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => "blob:picture");
  rooms = new WritableStore({ phase: "ready", rooms: [group("r1", ADDRESS)] as readonly Room[], hasOlder: false });
  connection = new WritableStore<ConnectionState>({ phase: "online" });
  [asked, put] = [[], []];
  const server = {
    request: (path: string) => {
      asked.push(path);
      return Promise.resolve({ data: group("r1", "new") });
    },
    putRoom: (room: Room) => void put.push(room),
  };
  const me = new WritableStore({ id: "me" } as User);
  pictures = new RoomPictures({ rooms, connection, me, server } as unknown as ChatClient, "");
});

test("a picture that was loaded is kept, once, and shown from there when its address has ended", async () => {
  await pictures.tell(ADDRESS, true);
  await pictures.tell(ADDRESS, true);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect([...entries.keys()]).toEqual(["/kept-pictures/r1/f1"]);
  expect(await pictures.tell(ADDRESS, false)).toBe("blob:picture");
  expect(asked).toEqual([]);
});

test("one that is not kept is asked for with its room, and not again for a while", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  expect(await pictures.tell(ADDRESS, false)).toBeNull();
  expect(await pictures.tell(ADDRESS, false)).toBeNull();
  expect([asked, put]).toEqual([["/api/chat/rooms/r1"], [group("r1", "new")]]);
  vi.setSystemTime(Date.now() + 6 * 60_000);
  await pictures.tell(ADDRESS, false);
  expect(asked).toHaveLength(2);
  vi.useRealTimers();
});

test("nothing is asked for of pictures that no group has", async () => {
  await pictures.tell("/api/chat/files/other/preview?user=me&until=900&signature=a", false);
  expect(asked).toEqual([]);
});

test("without a connection it is asked for after the next, unless the list has another address by then", async () => {
  const other = ADDRESS.replace("f1", "f2");
  show(group("r1", ADDRESS), group("r2", other));
  connection.set({ phase: "offline" });
  await pictures.tell(ADDRESS, false);
  await pictures.tell(other, false);
  expect(asked).toEqual([]);
  show(group("r1", ADDRESS), group("r2", other.replace("until=900", "until=1800")));
  connection.set({ phase: "online" });
  expect(asked).toEqual(["/api/chat/rooms/r1"]);
});

test("what a group has no more is not kept", async () => {
  await pictures.tell(ADDRESS, true);
  show(group("r1", ADDRESS.replace("until=900", "until=1800")));
  await pictures.tell(ADDRESS, true);
  expect(entries.size).toBe(1);
  show(group("r1", null));
  await vi.waitFor(() => expect(entries.size).toBe(0));
});

test("files of messages and pictures of groups do not clear one another away", async () => {
  const kept = keptFilesOf("hyred-chat me");
  await pictures.tell(ADDRESS, true);
  const place = { roomId: "r1", messageId: "m1", seq: 1 };
  await kept?.keep(place, "f", "preview", new Blob(["x"]));
  await kept?.tidy("r1", new Set(["m1"]), new Set(["r1"]));
  await kept?.tidyPictures(new Map([["r1", "f1"]]));
  expect(entries.size).toBe(2);
  await kept?.forgetRoom("r1");
  expect(entries.size).toBe(0);
});
