// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Device } from "../realtime/device";
import { isMessage } from "../realtime/outboxQueue";
import { NotificationMarks } from "../realtime/notificationMarks";
import { follow, reply } from "./click";
import { FakeSurroundings, FakeWindow } from "./surroundings.fixture";

const DATA = { chatRoomId: "room-1", notificationId: "n1", userId: "maya" };
const TARGET = { kind: "chat", chatRoomId: "room-1" };

let worker: FakeSurroundings;
beforeEach(() => {
  worker = new FakeSurroundings();
  globalThis.indexedDB = new IDBFactory();
});

async function readQueue(userId = "maya") {
  const device = await Device.open("", userId);
  const queue = (await device.readQueue()).filter(isMessage);
  device.close();
  return queue;
}

describe("a click on a notification", () => {
  test("focuses the window that is on the conversation, and leaves it there", async () => {
    const there = new FakeWindow({ userId: "maya", roomId: "room-1" });
    const visible = new FakeWindow({ userId: "maya", roomId: "room-2" }, "visible");
    worker.windows = [visible, there];
    await follow(worker, DATA);
    expect([there.isFocused, visible.isFocused, worker.opened]).toEqual([true, false, []]);
    expect(there.heard).toEqual([{ kind: "push.follow", target: null, notificationId: "n1", userId: "maya" }]);
  });

  test("leads another window of the same person there, rather one that is seen", async () => {
    const hidden = new FakeWindow({ userId: "maya", roomId: null });
    const visible = new FakeWindow({ userId: "maya", roomId: "room-2" }, "visible");
    worker.windows = [hidden, visible];
    await follow(worker, DATA);
    expect([hidden.isFocused, visible.isFocused]).toEqual([false, true]);
    expect(visible.heard).toEqual([{ kind: "push.follow", target: TARGET, notificationId: "n1", userId: "maya" }]);
  });

  test("opens a window when there is none of the person", async () => {
    worker.windows = [new FakeWindow({ userId: "theo", roomId: "room-1" }), new FakeWindow(null)];
    await follow(worker, DATA);
    expect(worker.opened).toEqual(["/chat/room-1"]);
    expect(worker.windows.flatMap(({ heard }) => heard)).toEqual([]);
  });

  test("opens one when the window has gone meanwhile", async () => {
    const leaving = new FakeWindow({ userId: "maya", roomId: null });
    leaving.isGone = true;
    worker.windows = [leaving];
    await follow(worker, DATA);
    expect(worker.opened).toEqual(["/chat/room-1"]);
  });

  test("leads a window that is frozen there, and opens none beside it", async () => {
    const frozen = new FakeWindow("frozen");
    worker.windows = [new FakeWindow(null), new FakeWindow({ userId: "theo", roomId: null }), frozen];
    await follow(worker, DATA);
    expect([frozen.isFocused, worker.opened]).toEqual([true, []]);
    expect(frozen.heard).toEqual([{ kind: "push.follow", target: TARGET, notificationId: "n1", userId: "maya" }]);
  });

  test("leads one that runs, rather than one that is frozen", async () => {
    const [frozen, hidden] = [new FakeWindow("frozen"), new FakeWindow({ userId: "maya", roomId: null })];
    worker.windows = [frozen, hidden];
    await follow(worker, DATA);
    expect([frozen.isFocused, hidden.isFocused, worker.opened]).toEqual([false, true, []]);
  });

  test("takes no page of the server's own for a window that is frozen", async () => {
    const description = new FakeWindow("frozen", "visible", "https://chat.example/api/docs");
    worker.windows = [description];
    await follow(worker, DATA);
    expect([description.isFocused, worker.opened]).toEqual([false, ["/chat/room-1"]]);
  });

  test.each([
    [{ url: "https://evil.example/", chatRoomId: "//evil.example" }, "/chat/%2F%2Fevil.example"],
    [{ url: "https://evil.example/", chatRoomId: "../../x?y#z" }, "/chat/..%2F..%2Fx%3Fy%23z"],
    [{ jobId: "https://evil.example/" }, "/chat"],
    [null, "/chat"],
  ])("never leaves the app, whatever the payload says: %j", async (data, path) => {
    await follow(worker, data);
    expect(worker.opened).toEqual([path]);
  });

  test("leads a window of the person to the front when there is no page of the job", async () => {
    const window = new FakeWindow({ userId: "maya", roomId: null });
    worker.windows = [window];
    await follow(worker, { jobId: "job-1", userId: "maya" });
    expect(window.heard).toEqual([
      { kind: "push.follow", target: { kind: "job", jobId: "job-1" }, notificationId: null, userId: "maya" },
    ]);
  });
});

describe("a click on a notification of a job or a contract", () => {
  const JOB = { jobId: "17/../18", notificationId: "n1", userId: "maya" };
  beforeEach(() => {
    worker.pages = { jobUrl: "https://www.example.com/jobs/{id}", contractUrl: null };
  });

  test("opens the marketplace's page beside the app, whose window marks it read", async () => {
    const window = new FakeWindow({ userId: "maya", roomId: "room-1" }, "visible");
    worker.windows = [window];
    await follow(worker, JOB);
    expect(worker.opened).toEqual(["https://www.example.com/jobs/17%2F..%2F18"]);
    expect(window.heard).toEqual([{ kind: "push.follow", target: null, notificationId: "n1", userId: "maya" }]);
    expect(window.isFocused).toBe(false);
  });

  test("keeps for the next window of the person that it was read, when there is none", async () => {
    worker.windows = [new FakeWindow({ userId: "theo", roomId: null })];
    await follow(worker, JOB);
    expect(worker.opened).toEqual(["https://www.example.com/jobs/17%2F..%2F18"]);
    const read = vi.fn(() => Promise.resolve());
    const marks = new NotificationMarks({ readNotification: read }, () => true);
    const device = await Device.open("", "maya");
    await marks.attach(device.database, "lock");
    await marks.send(() => false);
    device.close();
    expect(read.mock.calls).toEqual([["n1"]]);
  });

  test.each([
    [{ contractId: "c" }, "/chat"],
    [{ jobId: ".." }, "/chat"],
    [{ jobId: "17", chatRoomId: "room-1" }, "/chat/room-1"],
  ])("opens the app where there is no page for it: %j", async (data, path) => {
    await follow(worker, data);
    expect(worker.opened).toEqual([path]);
  });

  test("opens the app when the settings cannot be had, and asks for none for a conversation", async () => {
    worker.findPages = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
    await follow(worker, DATA);
    expect(worker.findPages).not.toHaveBeenCalled();
    await follow(worker, { jobId: "17" });
    expect(worker.opened).toEqual(["/chat/room-1", "/chat"]);
  });
});

describe("a reply in a notification", () => {
  test("is kept in the person's queue, behind what waits there, and told to the windows", async () => {
    const waiting = { clientMessageId: "w", roomId: "room-1", content: "first", createdAt: "", error: null } as const;
    const device = await Device.open("", "maya");
    await device.keepQueued({ ...waiting, order: Date.now() + 60_000, state: "queued" });
    device.close();
    worker.windows = [new FakeWindow({ userId: "maya", roomId: null })];
    await reply(worker, DATA, "On my way");
    const queue = (await readQueue()).sort((a, b) => a.order - b.order);
    expect(queue.map(({ content, roomId, state }) => [content, roomId, state])).toEqual([
      ["first", "room-1", "queued"],
      ["On my way", "room-1", "queued"],
    ]);
    expect(queue[1]?.clientMessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(worker.opened).toEqual([]);
  });

  test("opens a window to be sent when there is none", async () => {
    await reply(worker, DATA, "On my way");
    expect(await readQueue()).toHaveLength(1);
    expect(worker.opened).toEqual(["/chat/room-1"]);
  });

  test("is sent by a window that is frozen, once that is in front", async () => {
    const frozen = new FakeWindow("frozen");
    worker.windows = [frozen];
    await reply(worker, DATA, "On my way");
    expect(await readQueue()).toHaveLength(1);
    expect([frozen.isFocused, worker.opened]).toEqual([true, []]);
  });

  test("is not written in the name of somebody who has signed out", async () => {
    worker.owner = { userId: "theo", locale: "en", key: "k", endpoint: "e" };
    await reply(worker, DATA, "On my way");
    expect([await readQueue(), await readQueue("theo")]).toEqual([[], []]);
    expect(worker.opened).toEqual(["/chat/room-1"]);
  });

  test("that can neither be kept nor told is shown again, so that it is not lost", async () => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    await reply(worker, DATA, "On my way");
    expect(worker.shown.map(({ body }) => body)).toEqual(["Open the conversation to write it again: On my way"]);
    expect(worker.opened).toEqual([]);
  });
});
