// @vitest-environment node
import { describe, expect, test, vi } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { FilesBench, picked, settle } from "./testing/filesBench";

const bench = new FilesBench();
const MEBIBYTE = 1024 * 1024;

/** A file that says that it is large, and has a few bytes. */
function large(name: string, size: number) {
  const file = picked(name);
  Object.defineProperty(file.blob, "size", { value: size });
  return file;
}

const tenOf = (name: string): string[] => Array.from({ length: 10 }, (_, index) => `${name} ${index}`);

describe("what waits", () => {
  test("is ten files in a room's tray at most, all that are added or none", async () => {
    const tab = await bench.open({ isConnected: false });
    await tab.add(tenOf("a"));
    await expect(tab.add(["one more"])).rejects.toMatchObject({ code: "limit_reached", details: { limit: 10 } });
    await expect(tab.add(tenOf("b").concat("c"), "other")).rejects.toMatchObject({ code: "limit_reached" });
    await tab.add(["there"], "other");
    expect(tab.list).toHaveLength(11);
  });

  test("makes room in the tray when it goes with a message", async () => {
    const tab = await bench.open({ isConnected: false });
    tab.outbox.add("room", "all", null, [], await tab.add(tenOf("a")));
    await tab.add(["one more"]);
    expect(tab.list).toHaveLength(11);
  });

  test("is 200 MB on the device at most, also when files are added at the same time", async () => {
    const tab = await bench.open({ isConnected: false });
    const adding = ["a", "b", "c"].map((name) => tab.files.add(name, [large(name, 90 * MEBIBYTE)]));
    const [results] = await Promise.all([Promise.allSettled(adding), settle()]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(results[2]).toMatchObject({ reason: { code: "limit_reached", details: { maxBytes: 200 * MEBIBYTE } } });
    expect(tab.list.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("is no larger than the server takes, as its settings say, or its first refusal", async () => {
    bench.maxBytes = 3;
    const told = await bench.open({ isConnected: false });
    await expect(told.add(["a.png"])).rejects.toMatchObject({ code: "too_large", details: { maxBytes: 3 } });
    expect(told.list).toEqual([]);
    bench.maxBytes = null;
    const untold = await bench.open();
    told.close();
    bench.server.refusal = new ChatError("too_large", "", null, { maxBytes: 3 });
    await untold.add(["a.png"]);
    expect(untold.list).toMatchObject([{ state: "refused", error: { code: "too_large", details: { maxBytes: 3 } } }]);
    await expect(untold.add(["b.png"])).rejects.toMatchObject({ code: "too_large" });
  });

  test("is never an empty file", async () => {
    const tab = await bench.open();
    const adding = tab.files.add("room", [picked("a.png", 0)]);
    await expect(adding).rejects.toMatchObject({ code: "file_refused", details: { reason: "empty" } });
  });

  test("is uploaded two at a time, in the order in which it was added", async () => {
    const tab = await bench.open();
    await tab.add(tenOf("a"));
    expect([bench.server.most, bench.server.parts.map(([id]) => id)]).toEqual([
      2,
      Array.from({ length: 10 }, (_, index) => `file-${index + 1}`),
    ]);
  });
});

describe("a full disk", () => {
  test("takes nothing else along, after what is cached has made room in vain", async () => {
    const tab = await bench.open();
    await tab.add(["a.png"]);
    await bench.disk.write([{ store: "messages", key: ["room"], value: "cached" }]);
    bench.disk.isFull = true;
    await expect(tab.add(["b.png"])).rejects.toMatchObject({ code: "device_full" });
    bench.disk.isFull = false;
    expect([tab.states, await bench.disk.list("messages")]).toEqual([["a.png ready"], []]);
    expect(await bench.disk.list("bytes")).toHaveLength(1);
  });
});

describe("what belongs to nothing", () => {
  test("is removed after a day in the tray, here and on the server", async () => {
    const before = await bench.open();
    await before.add(["old.png"]);
    before.close();
    await vi.advanceTimersByTimeAsync(25 * 60 * 60 * 1_000);
    const after = await bench.open();
    expect([after.list, bench.server.states, await bench.disk.list("bytes")]).toEqual([[], ["file-1 removed"], []]);
  });

  test("is removed when its message was sent or discarded by a page that ended over it", async () => {
    const before = await bench.open();
    before.outbox.add("room", "lost", null, [], await before.add(["a.png"]));
    before.close();
    await bench.disk.write([{ store: "outbox", clear: true }]);
    await vi.advanceTimersByTimeAsync(60_001);
    const after = await bench.open();
    expect([after.list, await bench.disk.list("files"), await bench.disk.list("bytes")]).toEqual([[], [], []]);
  });

  test("is kept for a minute, in which its message may still be heard of", async () => {
    const before = await bench.open({ isConnected: false });
    before.outbox.add("room", "told of later", null, [], await before.add(["a.png"]));
    await settle();
    before.close();
    await bench.disk.write([{ store: "outbox", clear: true }]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect((await bench.open({ isConnected: false })).states).toEqual(["a.png waiting"]);
  });

  test("is kept for as long as its message waits", async () => {
    const before = await bench.open({ isConnected: false });
    before.outbox.add("room", "long ago", null, [], await before.add(["a.png"]));
    await settle();
    before.close();
    await vi.advanceTimersByTimeAsync(72 * 60 * 60 * 1_000);
    const after = await bench.open();
    await settle();
    expect(after.sentContents).toEqual(["long ago"]);
  });

  test("is removed with the room that one has left, and nothing else", async () => {
    const tab = await bench.open();
    await tab.add(["here.png"]);
    await tab.add(["there.png"], "other");
    tab.files.keeper?.forgetRoom("room");
    await settle();
    expect([tab.states, bench.server.states]).toEqual([["there.png ready"], ["file-1 removed", "file-2 ready"]]);
  });

  test("is not looked for by a page that has none", async () => {
    const before = await bench.open();
    before.outbox.add("room", "sent", null, [], await before.add(["a.png"]));
    await settle();
    before.close();
    (await bench.open()).close(); // finds that there is nothing left
    const after = await bench.open();
    expect(after.files.keeper).toBeNull();
  });
});
