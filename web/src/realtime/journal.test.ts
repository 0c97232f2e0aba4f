// @vitest-environment happy-dom
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { Device, type KeptDraft } from "./device";
import { Journal } from "./journal";
import { NO_RECEIPTS } from "./receipts";
import { aRun } from "./testing/samples";

const NAME = "hyred-chat maya";
const hide = () => window.dispatchEvent(new Event("pagehide"));
const devices: Device[] = [];

/** A device whose database is as slow as a test says: what it is told is done when `finish` is called. */
function slowDevice() {
  const database = new MemoryDatabase();
  const waiting: (() => void)[] = [];
  vi.spyOn(database, "write").mockImplementation(() => new Promise((resolve) => waiting.push(resolve)));
  const device = new Device(database, new Journal(NAME));
  devices.push(device);
  return { device, finish: () => waiting.splice(0).forEach((resolve) => resolve()) };
}

async function openNext(): Promise<Device> {
  const device = await Device.open("", "maya");
  devices.push(device);
  return device;
}

const aQueued = { roomId: "room", content: "x", createdAt: "", order: 1, state: "refused", error: null } as const;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  sessionStorage.clear();
});
afterEach(() => {
  for (const device of devices.splice(0)) device.close();
});

const aDraft = (text: string): KeptDraft => ({ roomId: "room", text, mode: null, writtenAt: 1, saved: null });

describe("what a page that goes away has not finished writing", () => {
  test("is made up for by the next page: drafts, what was deleted, what was read", async () => {
    const before = await openNext();
    await before.keepQueued({ ...aQueued, clientMessageId: "deleted" });
    const { device } = slowDevice();
    void device.keepDraft(aDraft("last words"));
    void device.removeQueued("deleted");
    void device.keepMark({ roomId: "room", seq: 7 });
    hide();
    const next = await openNext();
    expect(await next.readDrafts()).toEqual([aDraft("last words")]);
    expect(await next.readQueue()).toEqual([]);
    expect(await next.readMarks()).toEqual([{ roomId: "room", seq: 7 }]);
    expect(sessionStorage.length).toBe(0);
  });

  test("is nothing to make up for when it was finished after all", async () => {
    const { device, finish } = slowDevice();
    const writing = device.keepDraft(aDraft("old"));
    hide();
    expect(sessionStorage.length).toBe(1);
    finish();
    await writing;
    await vi.waitFor(() => expect(sessionStorage.length).toBe(0));
  });

  test("is no matter if it is a cache", () => {
    const { device } = slowDevice();
    void device.keepRooms([]);
    void device.keepConversation({
      roomId: "room",
      messages: aRun(1, 3),
      lastChange: 0,
      receipts: NO_RECEIPTS,
      keptAt: 1,
    });
    hide();
    expect(sessionStorage.length).toBe(0);
  });

  test("is not left behind by somebody who signs out", async () => {
    const { device } = slowDevice();
    void device.keepDraft(aDraft("secret"));
    hide();
    await device.destroy();
    hide();
    expect(sessionStorage.length).toBe(0);
  });
});
