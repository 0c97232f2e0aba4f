import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeptFiles } from "./keptFiles";

/** Caches as browsers have them, in memory: as far as they are used here. */
class MemoryCache {
  readonly entries = new Map<string, Response>();
  keys = () => Promise.resolve([...this.entries.keys()].map((url) => new Request(`https://chat.example${url}`)));
  match = (key: string | Request) => Promise.resolve(this.entries.get(pathOf(key))?.clone());
  put = (key: string | Request, response: Response) => Promise.resolve(void this.entries.set(pathOf(key), response));
  delete = (key: string | Request) => Promise.resolve(this.entries.delete(pathOf(key)));
}

const pathOf = (key: string | Request) => (typeof key === "string" ? key : new URL(key.url).pathname);

let cache: MemoryCache;
beforeEach(() => {
  cache = new MemoryCache();
  vi.stubGlobal("caches", { open: () => Promise.resolve(cache), delete: () => Promise.resolve(true) });
});
afterEach(() => vi.useRealTimers());

const place = (messageId: string, roomId = "room") => ({ roomId, messageId, seq: 1 });
const bytes = (size = 3) => new Blob(["x".repeat(size)]);

test("what is kept is found by the id of its file, whatever its address was", async () => {
  const kept = new KeptFiles("device");
  await kept.keep(place("m1"), "f1", "preview", bytes());
  expect(await (await kept.read(place("m1"), "f1", "preview"))?.text()).toBe("xxx");
  expect(await kept.read(place("m1"), "f1", "content")).toBeUndefined();
});

test("files go with their messages, and with their rooms", async () => {
  const kept = new KeptFiles("device");
  for (const id of ["m1", "m2"]) await kept.keep(place(id), `file-of-${id}`, "preview", bytes());
  await kept.keep(place("m3", "other"), "f3", "preview", bytes());
  await kept.tidy("room", new Set(["m2"]), new Set(["room", "other"]));
  expect([...cache.entries.keys()]).toEqual([expect.stringContaining("m2"), expect.stringContaining("m3")]);
  await kept.forgetRoom("other");
  expect([...cache.entries.keys()]).toEqual([expect.stringContaining("m2")]);
});

test("nothing is kept of rooms that the device keeps no more", async () => {
  const kept = new KeptFiles("device");
  await kept.keep(place("m1", "gone"), "f1", "preview", bytes());
  await kept.tidy("room", new Set(), new Set(["room"]));
  expect(cache.entries.size).toBe(0);
});

test("what was deleted is not kept by somebody who was late", async () => {
  const kept = new KeptFiles("device");
  await kept.tidy("room", new Set(["m2"]), new Set(["room"]));
  await kept.keep(place("m1"), "f1", "preview", bytes());
  expect(cache.entries.size).toBe(0);
});

test("a large file is not kept", async () => {
  const kept = new KeptFiles("device");
  await kept.keep(place("m1"), "f1", "content", bytes(5_000_001));
  expect(cache.entries.size).toBe(0);
});

test("what was used the longest time ago makes room, and what is used again stays", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const kept = new KeptFiles("device");
  const large = bytes(4_900_000);
  for (let index = 0; index < 20; index++) await kept.keep(place(`m${index}`), "f", "content", large);
  vi.setSystemTime(Date.now() + 2 * 24 * 3_600_000);
  await kept.read(place("m0"), "f", "content");
  await vi.waitFor(() => expect([...cache.entries.keys()].at(-1)).toContain("m0"));
  await kept.keep(place("m20"), "f", "content", large);
  const left = [...cache.entries.keys()].join();
  expect(left).toContain("/m0/");
  expect(left).not.toContain("/m1/");
});

test("nothing is kept after signing out", async () => {
  const kept = new KeptFiles("device");
  await kept.destroy();
  await kept.keep(place("m1"), "f1", "preview", bytes());
  expect(cache.entries.size).toBe(0);
  expect(await kept.read(place("m1"), "f1", "preview")).toBeUndefined();
});
