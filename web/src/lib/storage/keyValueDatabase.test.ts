// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openKeyValueDatabase } from "./indexedDatabase";
import type { KeyValueDatabase } from "./keyValueDatabase";
import { MemoryDatabase } from "./memoryDatabase";

const DESCRIPTION = { name: "test", version: 1, stores: ["a", "b"] };
const kinds: [name: string, open: () => Promise<KeyValueDatabase>][] = [
  ["IndexedDB", () => openKeyValueDatabase(DESCRIPTION)],
  ["memory", () => Promise.resolve(new MemoryDatabase())],
];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe.each(kinds)("a database in %s", (_name, open) => {
  let database: KeyValueDatabase;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(() => database.close());

  test("gives back what was written, in the order of keys", async () => {
    await database.write([
      { store: "a", key: ["x", 10], value: "ten" },
      { store: "a", key: ["x", 9], value: "nine" },
      { store: "b", key: ["y"], value: { deep: [1] } },
    ]);
    expect(await database.list("a")).toEqual(["nine", "ten"]);
    expect(await database.get("b", ["y"])).toEqual({ deep: [1] });
    expect(await database.get("b", ["z"])).toBeUndefined();
  });

  test("gives back what is kept under the beginning of a key", async () => {
    const keys = [["x"], ["x", "a"], ["x", 1], ["x", "a", "b"], ["xy", "a"], ["y", "a"]];
    await database.write(keys.map((key) => ({ store: "a", key, value: key.join(" ") })));
    expect(await database.list("a", ["x"])).toEqual(["x", "x 1", "x a", "x a b"]);
  });

  test("removes one value, or all of a store", async () => {
    await database.write([1, 2].map((key) => ({ store: "a", key: [key], value: key })));
    await database.write([{ store: "a", remove: [1] }]);
    expect(await database.list("a")).toEqual([2]);
    await database.write([{ store: "a", clear: true }]);
    expect(await database.list("a")).toEqual([]);
  });

  test("lets nobody in between reading and replacing a value", async () => {
    const raise = () => database.change("a", ["count"], (count) => ((count as number | undefined) ?? 0) + 1);
    await Promise.all([raise(), raise(), raise()]);
    expect(await database.get("a", ["count"])).toBe(3);
  });
});

describe("opening a database", () => {
  test("falls back to memory where IndexedDB is denied", async () => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    const database = await openKeyValueDatabase(DESCRIPTION);
    expect(database.isDurable).toBe(false);
  });

  test("falls back to memory where IndexedDB never answers", async () => {
    vi.useFakeTimers();
    vi.spyOn(indexedDB, "open").mockReturnValue(new EventTarget() as IDBOpenDBRequest);
    const opening = openKeyValueDatabase(DESCRIPTION);
    await vi.advanceTimersByTimeAsync(3_000);
    expect((await opening).isDurable).toBe(false);
    vi.useRealTimers();
  });

  test("commits what it writes before its page can go away", async () => {
    const database = await openKeyValueDatabase(DESCRIPTION);
    const commit = vi.spyOn(IDBTransaction.prototype, "commit");
    void database.write([{ store: "a", key: ["k"], value: 1 }]);
    expect(commit).toHaveBeenCalledOnce();
    expect(await database.get("a", ["k"])).toBe(1);
    database.close();
  });

  test("gives way to another tab that removes it", async () => {
    const [mine, other] = [await openKeyValueDatabase(DESCRIPTION), await openKeyValueDatabase(DESCRIPTION)];
    await mine.write([{ store: "a", key: ["k"], value: 1 }]);
    await other.destroy();
    const anew = await openKeyValueDatabase(DESCRIPTION);
    expect(await anew.list("a")).toEqual([]);
    anew.close();
  });
});
