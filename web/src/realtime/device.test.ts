// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { Device } from "./device";
import { NO_RECEIPTS } from "./receipts";
import { aRun } from "./testing/samples";

describe("a device", () => {
  test("keeps the last messages of the conversations that were kept last", async () => {
    const database = new MemoryDatabase();
    const device = new Device(database);
    for (let number = 1; number <= 42; number++) {
      const conversation = { roomId: `room-${number}`, lastChange: 0, receipts: NO_RECEIPTS, keptAt: number };
      await device.keepConversation({ ...conversation, messages: aRun(1, 205) });
    }
    expect(await database.list("messages")).toHaveLength(40);
    expect(await device.readConversation("room-2")).toBeUndefined();
    const kept = await device.readConversation("room-42");
    expect([kept?.messages.length, kept?.messages[0]?.seq]).toEqual([200, 6]);
  });

  test("that fails takes nothing else along", async () => {
    const broken = new MemoryDatabase();
    broken.list = () => Promise.reject(new Error("broken"));
    broken.write = () => Promise.reject(new Error("broken"));
    const device = new Device(broken);
    await device.keepRooms([]);
    expect(await device.readDrafts()).toEqual([]);
  });
});

describe("a device with files", () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });

  test("has nothing of them after signing out", async () => {
    const device = await Device.open("", "maya");
    const files = await device.openFiles();
    await files.write([{ store: "bytes", key: ["a"], value: new Blob(["x"]) }]);
    await device.destroy();
    expect(await indexedDB.databases()).toEqual([]);
  });

  test("is not held up by an older version of the app that stays open", async () => {
    const older = indexedDB.open("hyred-chat maya", 1);
    older.onupgradeneeded = () => {
      for (const store of ["outbox", "rooms", "messages", "drafts", "notifications", "meta"])
        older.result.createObjectStore(store);
    };
    await new Promise((resolve) => (older.onsuccess = resolve));
    const device = await Device.open("", "maya");
    expect([device.database.isDurable, (await device.openFiles()).isDurable]).toEqual([true, true]);
    device.close();
    older.result.close();
  });
});
