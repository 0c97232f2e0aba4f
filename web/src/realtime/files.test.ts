// @vitest-environment node
import { describe, expect, test } from "vitest";
import { ChatError, timeoutError } from "../lib/api/chatError";
import { FilesBench, settle, type FilesTab } from "./testing/filesBench";

const bench = new FilesBench();

async function send(tab: FilesTab, content: string, ...names: string[]): Promise<readonly string[]> {
  const ids = await tab.add(names);
  tab.outbox.add("room", content, null, [], ids);
  return ids;
}

describe("a file", () => {
  test("is announced and uploaded as soon as it is added, and is ready when the server has looked at it", async () => {
    const tab = await bench.open();
    bench.server.verdict = "processing";
    const [id] = await tab.add(["a.png"]);
    expect(tab.states).toEqual(["a.png examining"]);
    expect(bench.server.files.get("file-1")?.body).toEqual({ name: "a.png", size: 4, contentType: "image/png" });
    bench.server.examine("file-1", "ready");
    await settle();
    expect(tab.list).toMatchObject([{ id, kind: "image", state: "ready", sentBytes: 4, clientMessageId: null }]);
  });

  test("goes on from the byte that the server has after the connection broke", async () => {
    const tab = await bench.open();
    bench.server.cutAfter = 2;
    await tab.add(["a.png"]);
    expect(tab.list).toMatchObject([{ state: "uploading", sentBytes: 2 }]);
    await settle(2_000);
    expect(bench.server.parts).toEqual([
      ["file-1", 0, 2],
      ["file-1", 2, 4],
    ]);
    expect(tab.states).toEqual(["a.png ready"]);
  });

  test("goes on with the next page after a reload in the middle", async () => {
    const before = await bench.open();
    bench.server.cutAfter = 2;
    await before.add(["a.png"]);
    before.close();
    bench.server.cutAfter = Infinity;
    const after = await bench.open();
    expect(after.states).toEqual(["a.png ready"]);
    expect(bench.server.parts.map(([, from]) => from)).toEqual([0, 2]);
    expect(bench.server.files.size).toBe(1);
  });

  test("waits for the network, and is asked about when that is back", async () => {
    const tab = await bench.open({ isConnected: false });
    await tab.add(["a.png"]);
    expect([tab.states, bench.server.states]).toEqual([["a.png waiting"], []]);
    bench.server.verdict = "processing";
    tab.reconnect();
    await settle();
    expect(tab.states).toEqual(["a.png examining"]);
    bench.server.files.get("file-1")!.state = "ready";
    tab.reconnect();
    await settle();
    expect(tab.states).toEqual(["a.png ready"]);
  });

  test("that was refused says why, and can be begun anew", async () => {
    const tab = await bench.open();
    bench.server.verdict = "refused";
    const [id] = await tab.add(["a.png"]);
    expect(tab.list).toMatchObject([
      { state: "refused", error: { code: "file_refused", details: { reason: "broken" } } },
    ]);
    bench.server.verdict = "ready";
    tab.files.retry(id!);
    await settle();
    expect([tab.states, bench.server.files.size]).toEqual([["a.png ready"], 2]);
  });

  test("that the server has forgotten is announced anew, once", async () => {
    const tab = await bench.open();
    bench.server.verdict = "processing";
    await tab.add(["a.png"]);
    bench.server.files.get("file-1")!.state = "removed";
    tab.reconnect();
    await settle();
    expect([tab.states, bench.server.files.size]).toEqual([["a.png examining"], 2]);
    bench.server.files.get("file-2")!.state = "removed";
    tab.reconnect();
    await settle();
    expect([tab.states, bench.server.files.size]).toEqual([["a.png refused"], 2]);
  });

  test("whose upload has expired half way is announced anew, and uploaded from its beginning", async () => {
    const tab = await bench.open();
    bench.server.cutAfter = 2;
    await tab.add(["a.png"]);
    bench.server.examine("file-1", "removed");
    await settle(5_000);
    expect([tab.states, bench.server.parts.map(([id, from]) => [id, from])]).toEqual([
      ["a.png ready"],
      [
        ["file-1", 0],
        ["file-2", 0],
        ["file-2", 2],
      ],
    ]);
  });

  test("that is removed is ended on the server, however often that takes", async () => {
    const tab = await bench.open();
    const [id] = await tab.add(["a.png"]);
    bench.server.isDown = true;
    tab.files.remove(id ?? "");
    await settle(10_000);
    bench.server.isDown = false;
    await settle(30_000);
    expect([bench.server.states, await bench.disk.list("files")]).toEqual([["file-1 removed"], []]);
  });

  test("that is removed is forgotten by the server, too, once that can be told", async () => {
    const tab = await bench.open();
    const [id] = await tab.add(["a.png"]);
    tab.isConnected = false;
    tab.files.remove(id!);
    await settle();
    expect([tab.list, bench.server.states, await tab.files.read(id!)]).toEqual([[], ["file-1 ready"], undefined]);
    expect(await bench.disk.list("bytes")).toEqual([]);
    tab.reconnect();
    await settle();
    expect([bench.server.states, await bench.disk.list("files")]).toEqual([["file-1 removed"], []]);
  });
});

describe("a message with files", () => {
  test("goes out when all of them are ready, before what was written after it", async () => {
    const tab = await bench.open();
    bench.server.verdict = "processing";
    await send(tab, "with files", "a.png", "b.png");
    tab.outbox.add("room", "after");
    tab.outbox.add("other", "elsewhere");
    await settle();
    expect(tab.sentContents).toEqual(["elsewhere"]);
    bench.server.examine("file-2", "ready");
    await settle();
    expect(tab.sentContents).toEqual(["elsewhere"]);
    bench.server.examine("file-1", "ready");
    await settle();
    expect(tab.sentContents).toEqual(["elsewhere", "with files", "after"]);
    expect(tab.sent[1]?.attachments).toEqual(["file-1", "file-2"]);
  });

  test("leaves nothing on the device, and its bytes in the page", async () => {
    const tab = await bench.open();
    await send(tab, "", "a.png");
    await settle();
    expect([tab.queue, tab.list, await bench.disk.list("files"), await bench.disk.list("bytes")]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(await tab.files.readSent("file-1")?.text()).toBe("xxxx");
    expect(bench.stored.map(({ content }) => content)).toEqual([""]);
  });

  test("is sent once when its acknowledgement was lost", async () => {
    const tab = await bench.open();
    let isLost = true;
    tab.answer = async (sent) => {
      const stored = await bench.store(sent);
      if (isLost) throw timeoutError();
      return stored;
    };
    await send(tab, "one", "a.png");
    await settle();
    isLost = false;
    await settle(2_000);
    expect([tab.queue, bench.stored.length, new Set(tab.sent.map((sent) => JSON.stringify(sent))).size]).toEqual([
      [],
      1,
      1,
    ]);
  });

  test("tells the server the same of its files after a lost acknowledgement, whatever was done to them since", async () => {
    const before = await bench.open();
    before.answer = (sent) => bench.store(sent).then(() => Promise.reject(timeoutError()));
    const [id] = await send(before, "one", "a.png");
    await settle();
    before.files.setAlt(id ?? "", "too late");
    expect(before.files.remove(id ?? ""), "it may be there").toBe(false);
    await settle();
    before.close();
    const after = await bench.open();
    await settle();
    expect([after.queue, after.list, bench.stored.length]).toEqual([[], [], 1]);
    expect(after.sent).toEqual(before.sent.slice(0, 1));
  });

  test("has its files with the next page, though that was not written down with them", async () => {
    const before = await bench.open({ isConnected: false });
    const [id] = await send(before, "one", "a.png");
    await settle();
    before.close();
    await bench.disk.change("files", [id ?? ""], (kept) => ({ ...(kept as object), clientMessageId: null }));
    const after = await bench.open({ isConnected: false });
    expect(after.list.map((file) => file.clientMessageId)).toEqual([
      after.outbox.queue.getSnapshot()[0]?.clientMessageId,
    ]);
  });

  test("is refused with its file, holds up nobody then, and goes on without it", async () => {
    const tab = await bench.open();
    bench.server.refusal = new ChatError("too_large", "", null, { maxBytes: 3 });
    const [id] = await send(tab, "with", "a.png");
    tab.outbox.add("room", "after");
    await settle();
    expect([tab.queue, tab.sentContents]).toEqual([["with refused"], ["after"]]);
    expect(tab.files.remove(id!)).toBe(true);
    await settle();
    expect([tab.queue, tab.sentContents, tab.list]).toEqual([[], ["after", "with"], []]);
  });

  test("waits for others with what is ready, and without one that was taken out of it", async () => {
    const tab = await bench.open();
    bench.server.verdict = "processing";
    const [id] = await send(tab, "two", "a.png", "b.png");
    bench.server.examine("file-1", "ready");
    await settle();
    expect([tab.states, tab.files.remove(id!)]).toEqual([["a.png ready", "b.png examining"], true]);
    bench.server.examine("file-2", "ready");
    await settle();
    expect(tab.sent.map(({ attachments }) => attachments)).toEqual([["file-2"]]);
  });

  test("that may be there is taken back as a whole, and sent no more from here", async () => {
    const tab = await bench.open();
    tab.answer = () => Promise.reject(timeoutError());
    const [id] = await send(tab, "one", "a.png");
    await settle();
    expect(tab.files.remove(id!)).toBe(false);
    tab.outbox.discard(tab.outbox.queue.getSnapshot()[0]!.clientMessageId);
    await settle(60_000);
    expect([tab.queue, tab.list, tab.sent.length, bench.server.states]).toEqual([[], [], 1, ["file-1 removed"]]);
  });

  test("that says nothing is discarded with its last file", async () => {
    const tab = await bench.open({ isConnected: false });
    const [id] = await send(tab, "", "a.png");
    tab.files.remove(id!);
    expect([tab.queue, tab.list]).toEqual([[], []]);
  });

  test("takes its files along when it is discarded", async () => {
    const tab = await bench.open();
    bench.server.verdict = "processing";
    await send(tab, "one", "a.png");
    await settle();
    const [message] = tab.outbox.queue.getSnapshot();
    tab.outbox.discard(message!.clientMessageId);
    await settle();
    expect([tab.list, bench.server.states]).toEqual([[], ["file-1 removed"]]);
  });

  test("that was refused is sent with its files when it is tried again", async () => {
    const tab = await bench.open();
    bench.server.refusal = new ChatError("room_blocked", "");
    await send(tab, "one", "a.png");
    await settle();
    expect(tab.queue).toEqual(["one refused"]);
    tab.outbox.retry(tab.outbox.queue.getSnapshot()[0]!.clientMessageId);
    await settle();
    expect([tab.queue, bench.stored.length]).toEqual([[], 1]);
  });

  test("whose files the server has forgotten since is sent with others", async () => {
    const tab = await bench.open();
    await tab.add(["a.png"]);
    bench.server.files.get("file-1")!.state = "removed";
    tab.outbox.add("room", "late", null, [], [tab.list[0]!.id]);
    await settle(2_000);
    expect([tab.queue, tab.sent.at(-1)?.attachments]).toEqual([[], ["file-2"]]);
  });

  test("keeps its place and its files over a reload", async () => {
    const before = await bench.open({ isConnected: false });
    await send(before, "with", "a.png");
    before.outbox.add("room", "after");
    await settle();
    before.close();
    const after = await bench.open();
    await settle();
    expect([after.sentContents, after.list]).toEqual([["with", "after"], []]);
  });

  test("goes out with the next page when its files were ready before", async () => {
    const before = await bench.open();
    const ids = await before.add(["a.png"]);
    before.isConnected = false;
    before.outbox.add("room", "ready", null, [], ids);
    await settle();
    before.close();
    const after = await bench.open();
    await settle();
    expect([after.sentContents, after.list, bench.server.parts.length]).toEqual([["ready"], [], 1]);
  });

  test("says what can be seen on its pictures", async () => {
    const tab = await bench.open({ isConnected: false });
    const [first] = await send(tab, "two", "a.png", "b.png");
    tab.files.setAlt(first ?? "", " A cat ");
    tab.reconnect();
    await settle();
    expect(tab.sent[0]?.attachments).toEqual([{ id: "file-1", alt: "A cat" }, "file-2"]);
  });
});

describe("where nothing can be kept", () => {
  test("the tab that has a file uploads it, and the one that sends sends it", async () => {
    const [one, two] = [await bench.open({ isDurable: false }), await bench.open({ isDurable: false })];
    await send(two, "mine", "a.png");
    await settle();
    expect([one.sentContents, two.sentContents, one.list, two.list]).toEqual([["mine"], [], [], []]);
    expect(bench.server.parts).toEqual([["file-1", 0, 4]]);
  });
});

describe("two tabs", () => {
  test("show the same files, and one of them uploads", async () => {
    const [one, two] = [await bench.open(), await bench.open()];
    await two.add(["a.png"]);
    expect([one.states, two.states, bench.server.parts.length]).toEqual([["a.png ready"], ["a.png ready"], 1]);
    await send(two, "mine", "b.png");
    await settle();
    expect([one.sentContents, two.sentContents, one.states, two.states]).toEqual([
      ["mine"],
      [],
      ["a.png ready"],
      ["a.png ready"],
    ]);
  });

  test("go on where the one that uploaded has ended", async () => {
    const [one, two] = [await bench.open(), await bench.open()];
    bench.server.cutAfter = 2;
    await send(two, "mine", "a.png");
    one.close();
    await settle(2_000);
    expect([two.sentContents, bench.server.parts.map(([, from]) => from)]).toEqual([["mine"], [0, 2]]);
  });

  test("remove, describe and begin anew what the other one uploads", async () => {
    const [one, two] = [await bench.open(), await bench.open()];
    bench.server.verdict = "processing";
    const [gone, kept] = await one.add(["a.png", "b.png"]);
    two.files.remove(gone ?? "");
    two.files.setAlt(kept ?? "", "A dog");
    await settle();
    expect(one.list).toMatchObject([{ name: "b.png", alt: "A dog" }]);
    expect(bench.server.states).toEqual(["file-1 removed", "file-2 processing"]);
    bench.server.examine("file-2", "refused");
    await settle();
    expect(two.states).toEqual(["b.png refused"]);
    bench.server.verdict = "ready";
    two.files.retry(kept ?? "");
    await settle();
    expect([one.states, two.states]).toEqual([["b.png ready"], ["b.png ready"]]);
  });

  test("discard in both", async () => {
    const [one, two] = [await bench.open(), await bench.open()];
    bench.server.verdict = "processing";
    await send(one, "one", "a.png");
    await settle();
    two.outbox.discard(two.outbox.queue.getSnapshot()[0]?.clientMessageId ?? "");
    await settle();
    expect([one.queue, one.list, two.list, bench.server.states]).toEqual([[], [], [], ["file-1 removed"]]);
  });

  test("go on when the one that uploads is frozen", async () => {
    const frozen = await bench.open();
    const awake = await bench.open();
    bench.freeze(frozen);
    await awake.add(["a.png"]);
    expect(awake.states).toEqual(["a.png waiting"]);
    await settle(10_000);
    expect(awake.states).toEqual(["a.png ready"]);
  });
});

describe("a failure", () => {
  test("is tried again later each time, and at once when the connection is back", async () => {
    const tab = await bench.open();
    bench.server.isDown = true;
    await tab.add(["a.png"]);
    await settle(60_000);
    expect([tab.states, bench.server.announcements > 3, bench.server.announcements < 12]).toEqual([
      ["a.png waiting"],
      true,
      true,
    ]);
    bench.server.isDown = false;
    tab.reconnect();
    await settle();
    expect(tab.states).toEqual(["a.png ready"]);
  });

  test("of the rate is waited for when it is short, and told of when it is long", async () => {
    const tab = await bench.open();
    bench.server.refusal = new ChatError("rate_limited", "", 5_000);
    await tab.add(["a.png"]);
    await settle(4_999);
    expect(tab.states).toEqual(["a.png waiting"]);
    await settle(1);
    await settle(1);
    expect(tab.states).toEqual(["a.png ready"]);
    bench.server.refusal = new ChatError("rate_limited", "", 3_600_000);
    await tab.add(["b.png"]);
    expect(tab.list[1]).toMatchObject({ state: "refused", error: { code: "rate_limited", retryAfterMs: 3_600_000 } });
  });

  test("of the server is tried again eight times", async () => {
    const tab = await bench.open();
    bench.server.fault = new ChatError("internal", "");
    await tab.add(["a.png"]);
    await settle(600_000);
    expect([tab.states, bench.server.announcements]).toEqual([["a.png refused"], 8]);
  });

  test("of an event is made up for by asking", async () => {
    const tab = await bench.open();
    bench.server.verdict = "processing";
    await tab.add(["a.png"]);
    const file = bench.server.files.get("file-1");
    if (file) file.state = "ready";
    await settle(4_000);
    expect(tab.states).toEqual(["a.png ready"]);
    await settle(600_000);
    expect(bench.server.asked).toEqual(["file-1"]);
  });
});

describe("an upload that is removed", () => {
  test("ends, and what the server has is removed, wherever it was", async () => {
    const tab = await bench.open();
    let release: () => void = () => undefined;
    bench.server.gate = new Promise<void>((resolve) => (release = resolve));
    const [id] = await tab.add(["a.png"]);
    expect(tab.states).toEqual(["a.png uploading"]);
    tab.files.remove(id ?? "");
    await settle();
    expect([tab.list, bench.server.states, bench.server.parts]).toEqual([[], ["file-1 removed"], []]);
    release();
  });

  test("while it is announced is taken back", async () => {
    const tab = await bench.open();
    let release: () => void = () => undefined;
    bench.server.announcing = new Promise<void>((resolve) => (release = resolve));
    const [id] = await tab.add(["a.png"]);
    tab.files.remove(id ?? "");
    release();
    await settle();
    expect([tab.list, bench.server.states, await bench.disk.list("files")]).toEqual([[], ["file-1 removed"], []]);
  });
});
