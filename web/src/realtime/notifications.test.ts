// @vitest-environment node
import { afterEach, describe, expect, test, vi } from "vitest";
import { aJob, BellBench, readings } from "./testing/bellBench";
import { makeTabs } from "./testing/memoryTabs";
import { aNotification } from "./testing/samples";

const bench = new BellBench();

afterEach(() => {
  vi.useRealTimers();
});

describe("notifications that arrive live", () => {
  test("are listed newest first, each once, and the newest is the one to show", async () => {
    const centre = await bench.open();
    for (const [id, seq] of [
      ["a", 1],
      ["b", 2],
      ["a", 1],
    ] as const)
      centre.hear(aNotification(id, seq));
    const { items, latest } = centre.getSnapshot();
    expect([items.map(({ id }) => id), latest?.id]).toEqual([["b", "a"], "b"]);
  });

  test("are kept on the device, the newest hundred of them", async () => {
    const centre = await bench.open();
    for (let minute = 1; minute <= 105; minute++) centre.hear(aJob(`n${minute}`, minute));
    expect(await bench.device.readNotifications()).toHaveLength(100);
    const again = await bench.open();
    expect(again.getSnapshot()).toMatchObject({ unreadCount: 100, latest: null });
    expect(again.getSnapshot().items[0]?.id).toBe("n105");
  });

  test("of messages leave nothing of what was said, neither on the device nor once they were read or withdrawn", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 1, { body: "secret" }));
    expect(centre.getSnapshot().items[0]?.body).toBe("secret");
    expect(JSON.stringify(await bench.device.readNotifications())).not.toContain("secret");
    centre.hearWithdrawn({ ids: ["a"], seqs: { a: 1 } });
    expect(JSON.stringify(centre.getSnapshot().items)).not.toContain("secret");
  });

  test("of messages are not counted, and push no others out, however many conversations there are", async () => {
    const centre = await bench.open();
    centre.hear(aJob("job"));
    for (let seq = 2; seq <= 160; seq++) centre.hear(aNotification(`n${seq}`, seq));
    expect(centre.getSnapshot().unreadCount).toBe(1);
    expect(centre.getSnapshot().items.at(-1)?.id).toBe("job");
    expect((await bench.open()).getSnapshot()).toMatchObject({ unreadCount: 1 });
  });

  test("of messages stay unread when all in the bell is marked read", async () => {
    const centre = await bench.open();
    centre.hear(aJob("job"));
    centre.hear(aNotification("message", 2));
    centre.markAllRead();
    expect(readings(centre)).toEqual({ job: "read", message: "unread" });
  });

  test("of a room are read when the room is read as far, without a word to the server", async () => {
    const centre = await bench.open();
    for (const seq of [1, 2, 3]) centre.hear(aNotification(`n${seq}`, seq));
    bench.bell.lastReadSeq = 2;
    centre.clearRead();
    expect(centre.getSnapshot().items.map(({ read }) => read)).toEqual([false, true, true]);
    expect((await bench.device.readNotifications()).filter(({ read }) => read)).toHaveLength(2);
    expect(bench.bell.marked).toEqual([]);
  });

  test("that were kept are read when their room was read elsewhere meanwhile", async () => {
    (await bench.open()).hear(aNotification("a", 3));
    bench.bell.lastReadSeq = 3;
    expect((await bench.open()).getSnapshot()).toMatchObject({ items: [{ read: true }] });
  });

  test("of what was read already are not shown as news", async () => {
    bench.bell.lastReadSeq = 5;
    const centre = await bench.open();
    centre.hear(aNotification("late", 5));
    expect(centre.getSnapshot()).toMatchObject({ items: [{ read: true }], latest: null });
  });

  test("of a conversation grow: the same one is unread again, and shown as news", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 1));
    centre.markRead("a");
    centre.hear(aNotification("a", 2));
    expect(centre.getSnapshot()).toMatchObject({ items: [{ data: { seq: 2 }, read: false }] });
    expect(centre.getSnapshot().latest?.data.seq).toBe(2);
  });

  test("are listed and read in every tab, and shown only where they arrived", async () => {
    const [one, two] = await Promise.all(makeTabs(2).map((tabs) => bench.open(tabs)));
    one!.hear(aJob("a"));
    await Promise.resolve();
    expect(two!.getSnapshot()).toMatchObject({ unreadCount: 1, latest: null });
    two!.markAllRead();
    await Promise.resolve();
    expect(one!.getSnapshot().unreadCount).toBe(0);
  });

  test("that are not understood are left out", async () => {
    const centre = await bench.open();
    centre.hear({ title: "no id" });
    centre.hearWithdrawn({ ids: "a" });
    expect(centre.getSnapshot().items).toEqual([]);
  });
});

describe("a withdrawal", () => {
  test("reads what was read on another device", async () => {
    bench.bell.records = [aJob("a"), aNotification("b", 3)];
    const centre = await bench.open();
    await centre.resume();
    centre.hearWithdrawn({ ids: ["a", "b", "unheard of"] });
    expect(readings(centre)).toEqual({ a: "read", b: "read" });
    expect(bench.bell.marked).toEqual([]);
  });

  test("does not read the message that came while it was on its way", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 4));
    centre.hearWithdrawn({ ids: ["a"], seqs: { a: 3 } });
    expect(readings(centre)).toEqual({ a: "unread" });
    centre.hearWithdrawn({ ids: ["a"], seqs: { a: 4 } });
    expect(readings(centre)).toEqual({ a: "read" });
  });
});
