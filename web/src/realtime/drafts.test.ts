// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { Device } from "./device";
import { DraftBook } from "./drafts";

let device: Device;

beforeEach(() => {
  vi.useFakeTimers();
  device = new Device(new MemoryDatabase());
});
afterEach(() => {
  vi.useRealTimers();
});

async function openBook(): Promise<DraftBook> {
  const book = new DraftBook();
  await book.attach(device);
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
    await book.attach(device);
    expect(book.get("room")).toBe("typed");
    expect(await device.readDrafts()).toEqual([{ roomId: "room", text: "typed" }]);
  });
});
