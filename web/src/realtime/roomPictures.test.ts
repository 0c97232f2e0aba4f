import { beforeEach, expect, test, vi } from "vitest";
import { WritableStore } from "../lib/store";
import { keptFilesOf } from "./keptFiles";
import { RoomPictures } from "./roomPictures";
import type { ChatClient, ConnectionState, Room, User } from "./types";

const ADDRESS = "/api/chat/files/f1/preview?user=me&until=900&signature=a";

const entries = new Map<string, Response>();
let rooms: WritableStore<{ phase: string; rooms: readonly Room[]; hasOlder: boolean }>;
let connection: WritableStore<ConnectionState>;
/** The cache takes nothing more. */
let isFull: boolean;
/** How often all that is kept was looked through. */
let looked: number;
let asked: string[];
let put: Room[];
let client: ChatClient;
let pictures: RoomPictures;

function group(id: string, avatar: string | null): Room {
  return { id, otherParticipant: { id, name: id, avatar, role: "group" } } as unknown as Room;
}

/** What has been begun is done. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

function show(...shown: Room[]): void {
  rooms.set({ phase: "ready", rooms: shown, hasOlder: false });
}

beforeEach(() => {
  entries.clear();
  [isFull, looked] = [false, 0];
  const pathOf = (key: string | Request) => (typeof key === "string" ? key : new URL(key.url).pathname);
  const cache = {
    keys: () => {
      looked++;
      return Promise.resolve([...entries.keys()].map((path) => new Request(`https://chat.example${path}`)));
    },
    match: (key: string | Request) => Promise.resolve(entries.get(pathOf(key))?.clone()),
    put: (key: string, answer: Response) =>
      isFull ? Promise.reject(new Error("It is full.")) : Promise.resolve(void entries.set(key, answer)),
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
  client = { rooms, connection, me, server } as unknown as ChatClient;
  pictures = new RoomPictures(client, "");
  pictures.follow();
});

test("a picture that was loaded is kept, once, and shown from there when its address has ended", async () => {
  await pictures.tell(ADDRESS, true);
  await pictures.tell(ADDRESS, true);
  // An image may be in the browser's cache by an answer that scripts of other origins do not get: nothing forces that one.
  expect(vi.mocked(fetch).mock.calls).toEqual([[ADDRESS, { credentials: "omit" }]]);
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

test("nothing is asked for of pictures that no group has, or that are elsewhere", async () => {
  await pictures.tell("/api/chat/files/other/preview?user=me&until=900&signature=a", false);
  const elsewhere = `https://elsewhere.example${ADDRESS}`;
  show(group("r1", elsewhere));
  await pictures.tell(elsewhere, false);
  await pictures.tell(elsewhere, true);
  expect([asked, vi.mocked(fetch).mock.calls]).toEqual([[], []]);
});

test("nothing is asked for where the list has another address already", async () => {
  show(group("r1", ADDRESS.replace("until=900", "until=1800")));
  await pictures.tell(ADDRESS, false);
  expect(asked).toEqual([]);
});

test.each(["", "https://chat.example"])(
  "without a connection it is asked for after the next, unless the list has another address by then (at “%s”)",
  async (base) => {
    pictures = new RoomPictures(client, base);
    const other = ADDRESS.replace("f1", "f2");
    show(group("r1", ADDRESS), group("r2", other));
    connection.set({ phase: "offline" });
    await pictures.tell(base + ADDRESS, false);
    await pictures.tell(base + other, false);
    expect(asked).toEqual([]);
    show(group("r1", ADDRESS), group("r2", other.replace("until=900", "until=1800")));
    connection.set({ phase: "online" });
    expect(asked).toEqual(["/api/chat/rooms/r1"]);
  },
);

test("what could not be loaded, or written down, is tried again the next time", async () => {
  vi.mocked(fetch).mockResolvedValueOnce(new Response(null, { status: 503 }));
  await pictures.tell(ADDRESS, true);
  vi.mocked(fetch).mockRejectedValueOnce(new TypeError("fetch failed"));
  await pictures.tell(ADDRESS, true);
  isFull = true;
  await pictures.tell(ADDRESS, true);
  expect(entries.size).toBe(0);
  isFull = false;
  await pictures.tell(ADDRESS, true);
  expect(entries.size).toBe(1);
});

test("what a group has lost while it was on its way is not kept", async () => {
  let arrive: (answer: Response) => void = () => undefined;
  vi.mocked(fetch).mockReturnValue(new Promise((resolve) => (arrive = resolve)));
  const telling = pictures.tell(ADDRESS, true);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  show(group("r1", null));
  arrive(new Response("bytes"));
  await telling;
  expect(entries.size).toBe(0);
});

test("what was removed while the app was closed goes when the list has come from the server, and not before", async () => {
  await pictures.tell(ADDRESS, true);
  pictures.close();
  show(group("r1", null));
  const later = new RoomPictures(client, "");
  await settle();
  expect(entries.size).toBe(1);
  later.follow();
  await vi.waitFor(() => expect(entries.size).toBe(0));
});

test("of a list that goes on, the groups that are known are tidied", async () => {
  show(group("r1", ADDRESS), group("r2", ADDRESS.replace("f1", "f2")));
  await pictures.tell(ADDRESS, true);
  await pictures.tell(ADDRESS.replace("f1", "f2"), true);
  rooms.set({ phase: "ready", rooms: [group("r1", ADDRESS.replace("f1", "f3"))], hasOlder: true });
  await vi.waitFor(() => expect([...entries.keys()]).toEqual(["/kept-pictures/r2/f2"]));
});

test("nothing is looked through while the list stays the same", () => {
  const list = rooms.getSnapshot();
  const look = vi.fn(() => ADDRESS);
  const watched = { id: "r1", otherParticipant: Object.defineProperty({ role: "group" }, "avatar", { get: look }) };
  rooms.set({ ...list, rooms: [watched as unknown as Room] });
  const looks = look.mock.calls.length;
  rooms.set({ ...rooms.getSnapshot() });
  expect([looks > 0, look.mock.calls.length]).toEqual([true, looks]);
});

test("nothing of it is left in the page's memory when its client is closed", async () => {
  const revoke = vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => undefined);
  await pictures.tell(ADDRESS, true);
  await pictures.tell(ADDRESS, false);
  pictures.close();
  expect(revoke.mock.calls).toEqual([["blob:picture"]]);
  expect(await pictures.tell(ADDRESS, false)).toBeNull();
});

test("a burst of pictures is looked through once or twice, not for each of them", async () => {
  const all = Array.from({ length: 50 }, (_, index) => `f${index}`);
  show(...all.map((id) => group(id, ADDRESS.replace("f1", id))));
  await settle();
  looked = 0;
  await Promise.all(all.map((id) => pictures.tell(ADDRESS.replace("f1", id), true)));
  expect([entries.size, looked < 4]).toEqual([50, true]);
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
  await kept?.tidyPictures(new Map([["r1", "f1"]]), true);
  expect(entries.size).toBe(2);
  await kept?.forgetRoom("r1");
  expect(entries.size).toBe(0);
});
