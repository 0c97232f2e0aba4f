// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { keptOwners } from "./owner";

const MAYA = { userId: "maya", locale: "es", key: "k", endpoint: "https://push.example/1" };

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test("the owner of a browser's subscription is the last that was kept, until it is forgotten", async () => {
  expect(await keptOwners.find()).toBeNull();
  await keptOwners.keep({ ...MAYA, userId: "theo" });
  await keptOwners.keep(MAYA);
  expect(await keptOwners.find()).toEqual(MAYA);
  await keptOwners.forget();
  expect(await keptOwners.find()).toBeNull();
});

test("the owner cannot be known where nothing is kept", async () => {
  vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  await keptOwners.keep(MAYA);
  expect(await keptOwners.find()).toBeUndefined();
});
