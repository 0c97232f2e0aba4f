// @vitest-environment node
import { describe, expect, test, vi } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { FilesBench, picked, settle, type FilesTab } from "./testing/filesBench";
import type { Announced } from "./types";

const bench = new FilesBench();

describe("a file that is announced before it is there", () => {
  const larger = { name: "a.png", size: 50, type: "image/png" };

  async function announce(tab: FilesTab): Promise<{ readonly announced: Promise<Announced | null> }> {
    bench.maxBytes = 100;
    const announcer = await tab.files.load();
    return { announced: announcer!.announce("room", larger) };
  }

  test("is uploaded to where it was announced", async () => {
    const tab = await bench.open();
    const early = await announce(tab);
    await settle();
    expect(bench.server.files.get("file-1")?.body).toEqual({ name: "a.png", size: 50, contentType: "image/png" });
    await tab.add(["a.png"], "room", early);
    expect([tab.states, bench.server.parts, bench.server.announcements]).toEqual([
      ["a.png ready"],
      [["file-1", 0, 4]],
      1,
    ]);
  });

  test("is on its way before views are told of it, and so is its message", async () => {
    const tab = await bench.open();
    const early = await announce(tab);
    await early.announced;
    bench.server.verdict = "processing";
    const told: [uploaded: number, sent: number][] = [];
    const end = tab.files.local.subscribe(() => told.push([bench.server.parts.length, tab.sent.length]));
    const write = bench.disk.write.bind(bench.disk);
    // As a browser's does, the disk answers in a later task.
    const slow = vi.spyOn(bench.disk, "write").mockImplementation(async (changes) => {
      await write(changes);
      await new Promise((resolve) => setTimeout(resolve));
    });
    const adding = tab.files.add("room", [{ ...picked("a.png"), ...early }]);
    while (told.length === 0) await settle(1);
    expect(told[0]).toEqual([1, 0]);
    const ids = await adding;
    slow.mockRestore();
    await settle(1);
    tab.outbox.add("room", "with", null, [], ids);
    told.length = 0;
    bench.server.examine("file-1", "ready");
    await settle();
    expect(told[0]).toEqual([1, 1]);
    end();
  });

  test("is kept before the server has answered, and announced anew when that was refused", async () => {
    const tab = await bench.open();
    let answer: () => void = () => undefined;
    bench.server.announcing = new Promise<void>((resolve) => (answer = resolve));
    bench.server.refusal = new ChatError("rate_limited", "Too much.");
    const early = await announce(tab);
    await tab.add(["a.png"], "room", early);
    expect(tab.states).toEqual(["a.png waiting"]);
    answer();
    await settle();
    expect(tab.states).toEqual(["a.png ready"]);
    expect(bench.server.files.get("file-1")?.body).toMatchObject({ size: 4 });
  });

  test("is taken back when it cannot be kept", async () => {
    const tab = await bench.open();
    const early = await announce(tab);
    bench.disk.isFull = true;
    await expect(tab.add(["a.png"], "room", early)).rejects.toMatchObject({ code: "device_full" });
    await settle();
    expect(bench.server.states).toEqual(["file-1 removed"]);
  });

  test.each([true, false])("is taken back when it is removed meanwhile, at once or later (%s)", async (isUp) => {
    const tab = await bench.open();
    let answer: () => void = () => undefined;
    bench.server.announcing = new Promise<void>((resolve) => (answer = resolve));
    const early = await announce(tab);
    const [id] = await tab.add(["a.png"], "room", early);
    tab.files.remove(id!);
    answer();
    await early.announced;
    bench.server.isDown = !isUp;
    await settle();
    bench.server.isDown = false;
    await settle(30_000);
    expect([tab.list, bench.server.states, await bench.disk.list("files")]).toEqual([[], ["file-1 removed"], []]);
  });

  test("is announced by nobody while there is no connection, or when it may be too large", async () => {
    const offline = await bench.open({ isConnected: false });
    expect(await (await announce(offline)).announced).toBeNull();
    offline.isConnected = true;
    expect(await (await offline.files.load())!.announce("room", { ...larger, size: 101 })).toBeNull();
    expect(bench.server.announcements).toBe(0);
  });

  test("is taken back when another tab is to send it", async () => {
    const tab = await bench.open();
    const early = await announce(tab);
    await early.announced;
    tab.isConnected = false;
    await tab.add(["a.png"], "room", early);
    expect([tab.states, bench.server.states]).toEqual([["a.png waiting"], ["file-1 removed"]]);
  });
});
