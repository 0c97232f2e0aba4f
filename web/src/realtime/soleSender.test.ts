// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { becomeSoleSender, type SoleSender } from "./soleSender";
import { FakeLocks } from "./testing/fakeLocks";

const open: SoleSender[] = [];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const sender of open.splice(0)) sender.close();
  vi.useRealTimers();
});

const kinds: [string, () => LockManager | undefined][] = [
  ["with web locks", () => new FakeLocks().asLockManager()],
  ["with a lease", () => undefined],
];

describe.each(kinds)("the sole sender of two tabs, %s,", (_name, makeLocks) => {
  let tab: () => { sender: SoleSender; changes: boolean[] };
  beforeEach(() => {
    const database = new MemoryDatabase();
    const locks = makeLocks();
    tab = () => {
      const changes: boolean[] = [];
      const onChange = (isHeld: boolean) => changes.push(isHeld);
      const sender = becomeSoleSender({ name: "outbox", database, locks, onChange });
      open.push(sender);
      return { sender, changes };
    };
  });

  test("is one of them, and the other when that one ends", async () => {
    const [one, two] = [tab(), tab()];
    await vi.advanceTimersByTimeAsync(10_000);
    expect([one.sender.isHeld(), two.sender.isHeld()]).toEqual([true, false]);
    one.sender.close();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([one.sender.isHeld(), two.sender.isHeld()]).toEqual([false, true]);
    expect(two.changes).toEqual([true]);
  });

  test("leaves nothing behind", async () => {
    const one = tab();
    await vi.advanceTimersByTimeAsync(0);
    one.sender.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a lock that was stolen from a frozen tab is asked for again when that tab thaws", async () => {
  const locks = new FakeLocks().asLockManager();
  const database = new MemoryDatabase();
  const changes: string[] = [];
  const tab = (name: string) => {
    const onChange = (isHeld: boolean) => changes.push(`${name} ${isHeld}`);
    const sender = becomeSoleSender({ name: "outbox", database, locks, onChange });
    open.push(sender);
    return sender;
  };
  const [frozen, awake] = [tab("frozen"), tab("awake")];
  await vi.advanceTimersByTimeAsync(0);
  awake.steal();
  await vi.advanceTimersByTimeAsync(0);
  expect([frozen.isHeld(), awake.isHeld()]).toEqual([false, true]);
  awake.close();
  await vi.advanceTimersByTimeAsync(0);
  expect(frozen.isHeld()).toBe(true);
  expect(changes).toEqual(["frozen true", "frozen false", "awake true", "frozen true"]);
});

test("a lease that is no longer renewed passes on", async () => {
  const database = new MemoryDatabase();
  await database.write([{ store: "meta", key: ["senderLease"], value: { owner: "dead", until: Date.now() + 6_000 } }]);
  const sender = becomeSoleSender({ name: "outbox", database, onChange: () => undefined });
  open.push(sender);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sender.isHeld()).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sender.isHeld()).toBe(true);
});
