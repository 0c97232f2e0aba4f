// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { NO_FILES } from "./attached";
import { Device } from "./device";
import { DraftBook } from "./drafts";
import type { Tabs } from "./tabs";
import { makeTabs } from "./testing/memoryTabs";
import { aMessage } from "./testing/samples";
import type { Quote } from "./types";

let device: Device;

beforeEach(() => {
  vi.useFakeTimers();
  device = new Device(new MemoryDatabase());
});
afterEach(() => {
  vi.useRealTimers();
});

async function openBook(tabs: Tabs | undefined = makeTabs(1)[0]): Promise<DraftBook> {
  const book = new DraftBook();
  await book.attach(device, tabs!);
  return book;
}

describe("a draft", () => {
  test("is there at once, and on the device a moment after the last key", async () => {
    const book = await openBook();
    book.set("room", "Hel");
    book.set("room", "Hello");
    expect(book.get("room")).toBe("Hello");
    expect(await device.readDrafts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    expect((await openBook()).get("room")).toBe("Hello");
  });

  test("is forgotten when it is emptied", async () => {
    const book = await openBook();
    book.set("room", "Hello");
    book.flush();
    book.set("room", "");
    book.close();
    expect(await device.readDrafts()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that was typed before the device was known is newer than what was kept", async () => {
    const before = await openBook();
    before.set("room", "kept");
    before.flush();
    const book = new DraftBook();
    book.set("room", "typed");
    await book.attach(device, makeTabs(1)[0]!);
    expect(book.get("room")).toBe("typed");
    expect(await device.readDrafts()).toMatchObject([{ roomId: "room", text: "typed" }]);
  });
});

describe("what the composer is for", () => {
  const quote: Quote = {
    id: "m1",
    seq: 1,
    senderId: "theo",
    senderName: "Theo",
    content: "When?",
    type: "text",
    deletedAt: null,
    ...NO_FILES,
  };
  const edit = { kind: "edit", key: "m2", messageId: "m2", clientMessageId: null, before: "a", ifChange: 0 } as const;

  test("is as it was after the page was loaded anew: an answer, and an edit that was not finished", async () => {
    const book = await openBook();
    book.setMode("one", { kind: "reply", key: "m1", quote });
    book.setMode("two", { ...edit, text: "ab" });
    book.close();
    const next = await openBook();
    expect(next.modeOf("one")).toMatchObject({ kind: "reply", key: "m1", quote: { id: "m1", senderName: "Theo" } });
    expect(next.modeOf("two")).toEqual({ ...edit, text: "ab" });
  });

  test("is kept without what others have said, which may be deleted", async () => {
    const book = await openBook();
    book.setMode("one", { kind: "reply", key: "m1", quote });
    book.close();
    expect(JSON.stringify(await device.readDrafts())).not.toContain("When?");
  });

  test("is over when the message is deleted", async () => {
    const book = await openBook();
    book.setMode("one", { kind: "reply", key: "m1", quote });
    book.setMode("two", { ...edit, text: "ab" });
    const deleted = aMessage(1, { id: "m1", deletedAt: "2026-03-01T00:00:00.000Z" });
    book.forgetDeleted({ roomId: "one", messages: [deleted] });
    book.forgetDeleted({ roomId: "two", messages: [deleted] });
    expect([book.modeOf("one"), book.modeOf("two")]).toMatchObject([null, { kind: "edit" }]);
  });
});

describe("a draft in two tabs", () => {
  let one: DraftBook;
  let two: DraftBook;

  beforeEach(async () => {
    const [left, right] = makeTabs(2);
    one = await openBook(left);
    two = await openBook(right);
  });

  test("is gone in the other tab when it is sent in one, without waiting for the disk", async () => {
    one.set("room", "Friday suits me");
    await vi.advanceTimersByTimeAsync(100);
    expect(two.get("room")).toBe("Friday suits me");
    const heard = vi.fn();
    two.subscribe(heard);
    one.set("room", "");
    await Promise.resolve();
    expect(two.get("room")).toBe("");
    expect(heard).toHaveBeenCalled();
    expect((await openBook()).get("room")).toBe("");
  });

  test("is gone in a tab that hears of it from the server at the same time", async () => {
    one.set("room", "Friday suits me");
    await vi.advanceTimersByTimeAsync(100);
    two.learn("room", { content: "Friday suits me", replyTo: null, updatedAt: "2026-03-01T12:00:00.000Z" });
    one.set("room", "");
    await vi.advanceTimersByTimeAsync(100);
    expect([one, two].map((book) => book.get("room"))).toEqual(["", ""]);
  });

  test("is what was typed last, whichever tab that was in", async () => {
    one.set("room", "Friday");
    await vi.advanceTimersByTimeAsync(100);
    two.set("room", "Friday or Monday");
    await vi.advanceTimersByTimeAsync(100);
    expect([one, two].map((book) => book.get("room"))).toEqual(["Friday or Monday", "Friday or Monday"]);
    one.set("room", "Monday");
    await vi.advanceTimersByTimeAsync(100);
    expect(two.get("room")).toBe("Monday");
  });

  test("is not taken from under the hand that is writing", async () => {
    one.set("room", "from one");
    await vi.advanceTimersByTimeAsync(49);
    two.set("room", "from two");
    await vi.advanceTimersByTimeAsync(1);
    expect(two.get("room")).toBe("from two");
    await vi.advanceTimersByTimeAsync(100);
    expect([one, two].map((book) => book.get("room"))).toEqual(["from two", "from two"]);
  });
});

describe("a tab that slept and heard nothing", () => {
  test("finds what another has changed, sent or begun when it is looked at again", async () => {
    const asleep = await openBook();
    const awake = await openBook();
    asleep.set("sent", "Friday suits me");
    asleep.set("changed", "One");
    asleep.flush();
    await awake.refresh();
    awake.set("sent", "");
    awake.set("changed", "Two");
    awake.set("begun", "New");
    awake.flush();
    await asleep.refresh();
    expect(["sent", "changed", "begun"].map(asleep.get)).toEqual(["", "Two", "New"]);
  });

  test("keeps what it could not write down itself", async () => {
    const book = await openBook();
    vi.spyOn(device, "keepDraft").mockResolvedValue(false);
    book.set("room", "The disk is full");
    book.flush();
    await book.refresh();
    expect(book.get("room")).toBe("The disk is full");
  });
});
