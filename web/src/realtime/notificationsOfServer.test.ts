// @vitest-environment node
import { afterEach, describe, expect, test, vi } from "vitest";
import { offlineError } from "../lib/api/chatError";
import { aJob, BellBench, readings } from "./testing/bellBench";
import { aNotification, momentOf } from "./testing/samples";

const bench = new BellBench();
const isMarked = (...ids: string[]) => vi.waitFor(() => expect(bench.bell.marked).toEqual(ids), { interval: 1 });

afterEach(() => {
  vi.useRealTimers();
});

describe("the server's list", () => {
  test("is merged with what is here, each once and as it was last", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 5));
    centre.hear(aNotification("b", 3));
    bench.bell.records = [aNotification("b", 4, { body: "2 new messages" }), aNotification("a", 2), aJob("c")];
    await centre.resume();
    const { items, phase, unreadCount } = centre.getSnapshot();
    expect(items.map(({ id, data, body }) => [id, data.seq, body])).toEqual([
      ["a", 5, "text"],
      ["b", 4, "2 new messages"],
      ["c", undefined, "text"],
    ]);
    expect({ phase, unreadCount }).toEqual({ phase: "ready", unreadCount: 1 });
  });

  test("shows on a new device what was never told of there, and nothing of it as news", async () => {
    bench.bell.records = [aJob("a", 2), { ...aJob("b"), read: true }];
    const centre = await bench.open();
    await centre.resume();
    expect(readings(centre)).toEqual({ a: "unread", b: "read" });
    expect(centre.getSnapshot().latest).toBeNull();
    expect((await bench.open()).getSnapshot().items).toHaveLength(2);
  });

  test("brings what was read elsewhere while this device was away", async () => {
    const centre = await bench.open();
    centre.hear(aJob("a"));
    bench.bell.records = [{ ...aJob("a"), read: true }];
    await centre.resume();
    expect(readings(centre)).toEqual({ a: "read" });
  });

  test("does not undo what was marked read since, however much later it lists the same message", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 2));
    centre.markRead("a");
    bench.bell.records = [aNotification("a", 2, { createdAt: momentOf(99) })];
    await centre.resume();
    expect(readings(centre)).toEqual({ a: "read" });
  });

  test("does not undo what was marked read while its answer was on the way, though it had grown", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 2));
    bench.bell.records = [aNotification("a", 3), aJob("b"), aJob("c")];
    bench.bell.onAnswer = () => {
      centre.markRead("a");
      centre.hearWithdrawn({ ids: ["b"] });
    };
    await centre.resume();
    expect(readings(centre)).toEqual({ a: "read", b: "read", c: "unread" });
  });

  test("counts older unread ones, and gives older pages when they are asked for", async () => {
    bench.bell.pageSize = 2;
    bench.bell.records = [5, 4, 3, 2, 1].map((minute) => ({ ...aJob(`n${minute}`, minute), read: minute > 2 }));
    const centre = await bench.open();
    await centre.resume();
    expect(centre.getSnapshot()).toMatchObject({ unreadCount: 2, hasOlder: true });
    expect(Object.keys(readings(centre))).toEqual(["n5", "n4"]);
    for (const count of [4, 5]) {
      centre.loadOlder();
      await vi.waitFor(() => expect(centre.getSnapshot().items).toHaveLength(count), { interval: 1 });
    }
    await vi.waitFor(() => expect(centre.getSnapshot()).toMatchObject({ hasOlder: false, isLoadingOlder: false }));
    expect(centre.getSnapshot().unreadCount).toBe(2);
  });

  test("goes on where somebody has come to when the connection is back", async () => {
    bench.bell.pageSize = 2;
    bench.bell.records = [5, 4, 3, 2, 1].map((minute) => ({ ...aJob(`n${minute}`, minute), read: true }));
    const centre = await bench.open();
    await centre.resume();
    centre.loadOlder();
    await vi.waitFor(() => expect(centre.getSnapshot().isLoadingOlder).toBe(false), { interval: 1 });
    await centre.resume();
    centre.loadOlder();
    expect(bench.bell.queries.at(-1)?.before).toBe(momentOf(2));
  });

  test("is asked for again when it cannot be had, and what is here stays", async () => {
    vi.useFakeTimers();
    const centre = await bench.open();
    centre.hear(aJob("a", 2));
    bench.bell.records = [aJob("b")];
    bench.bell.onAnswer = () => {
      throw new Error("a proxy's page");
    };
    await centre.resume();
    expect(centre.getSnapshot()).toMatchObject({ phase: "failed", unreadCount: 1 });
    bench.bell.onAnswer = () => undefined;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(centre.getSnapshot().phase).toBe("ready");
    expect(readings(centre)).toEqual({ a: "unread", b: "unread" });
  });
});

describe("marking read", () => {
  test("tells the server at once, one by one", async () => {
    bench.bell.lastReadSeq = 99;
    const centre = await bench.open();
    for (const id of ["a", "b"]) centre.hear(aJob(id));
    centre.markRead("a");
    centre.markRead("a");
    expect(centre.getSnapshot().unreadCount).toBe(1);
    await isMarked("a");
  });

  test("is told again after a failure, though the connection has lasted", async () => {
    vi.useFakeTimers();
    const centre = await bench.open();
    for (const id of ["a", "b"]) centre.hear(aJob(id));
    bench.bell.refusal = offlineError();
    centre.markRead("a");
    await vi.advanceTimersByTimeAsync(500);
    expect(bench.bell.marked).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bench.bell.marked).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(bench.bell.marked).toEqual(["a"]);
  });

  test("of all is one request, also of what the server has not listed yet", async () => {
    bench.bell.records = [aJob("listed")];
    const centre = await bench.open();
    await centre.resume();
    centre.hear(aNotification("live", 3));
    centre.markAllRead();
    expect(centre.getSnapshot().unreadCount).toBe(0);
    await isMarked("all");
  });

  test("without a connection is kept on the device, and told once when it is back", async () => {
    bench.bell.records = [aJob("a"), aJob("b")];
    const before = await bench.open();
    await before.resume();
    bench.bell.isDown = true;
    before.markRead("a");
    before.markAllRead();
    await before.resume();
    before.close();
    expect(bench.bell.marked).toEqual([]);

    bench.bell.isDown = false;
    const after = await bench.open();
    await after.resume();
    expect(readings(after)).toEqual({ a: "read", b: "read" });
    await after.resume();
    expect(bench.bell.marked).toEqual(["a", "b"]);
  });

  test("is not told of what has grown since, whose news nobody has seen", async () => {
    const centre = await bench.open();
    centre.hear(aNotification("a", 2));
    bench.bell.isDown = true;
    centre.markRead("a");
    bench.bell.isDown = false;
    bench.bell.records = [aNotification("a", 3)];
    await centre.resume();
    expect(readings(centre)).toEqual({ a: "unread" });
    await centre.resume();
    expect(bench.bell.marked).toEqual([]);
  });
});
