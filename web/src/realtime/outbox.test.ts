// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError, offlineError, timeoutError } from "../lib/api/chatError";
import type { KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { Device } from "./device";
import { Outbox } from "./outbox";
import { NO_FILES } from "./testing/anOutbox";
import { FakeLocks } from "./testing/fakeLocks";
import { makeTabs } from "./testing/memoryTabs";
import { anOwnMessage } from "./testing/samples";
import type { QueuedAction } from "./outboxQueue";
import type { Tabs } from "./tabs";
import type { Action, Message } from "./types";

interface Sent {
  readonly chatRoomId: string;
  readonly content: string;
  readonly clientMessageId: string;
}

/** One tab: its outbox, what it has sent, and what it was told is stored. */
class Tab {
  isConnected = true;
  readonly sent: Sent[] = [];
  readonly stored: Message[] = [];
  readonly performed: object[] = [];
  readonly done: Action[] = [];
  readonly refused: object[] = [];
  take: (action: Action) => Promise<Message | undefined> = () => Promise.resolve(undefined);
  keepRefused: (entry: QueuedAction) => Promise<unknown> = () => Promise.resolve();
  answer: (message: Sent) => Promise<Message> = (sent) => Promise.resolve(storedOf(sent));
  readonly outbox = new Outbox({
    isConnected: () => this.isConnected,
    request: (_event, payload) => {
      this.sent.push(payload as Sent);
      return this.answer(payload as Sent);
    },
    onStored: (message) => this.stored.push(message),
    perform: ({ roomId, action }) => {
      this.performed.push({ roomId, ...action });
      return this.take(action);
    },
    onDone: ({ action }) => this.done.push(action),
    keepRefused: (entry) => this.keepRefused(entry),
    onRefused: ({ action }, { code, details }) => this.refused.push({ ...action, code, ...(details ?? {}) }),
    files: NO_FILES,
  });

  waitingActions(): Action[] {
    return this.outbox.actions.getSnapshot().map(({ action }) => action);
  }

  contents(state = "queued"): string[] {
    const queue = this.outbox.queue.getSnapshot();
    return queue.filter((message) => message.state === state).map((message) => message.content);
  }

  sentContents(): string[] {
    return this.sent.map(({ content }) => content);
  }
}

let seq = 0;
function storedOf({ chatRoomId, content, clientMessageId }: Sent): Message {
  return anOwnMessage(++seq, { roomId: chatRoomId, content, clientMessageId });
}

let database: KeyValueDatabase;
let tabs: Tabs[];
const open: Tab[] = [];
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function openTab({ isConnected = true } = {}): Promise<Tab> {
  const tab = new Tab();
  tab.isConnected = isConnected;
  open.push(tab);
  await tab.outbox.attach(new Device(database), tabs[open.length - 1]!, "outbox");
  await settle();
  return tab;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { locks: new FakeLocks() });
  database = new MemoryDatabase();
  tabs = makeTabs(3);
});
afterEach(() => {
  for (const tab of open.splice(0)) tab.outbox.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("what is written", () => {
  test("is shown and written down at once, sent in order, and forgotten when it is stored", async () => {
    const tab = await openTab();
    for (const content of ["one", "two", "three"]) tab.outbox.add("room", content);
    expect(tab.contents()).toEqual(["one", "two", "three"]);
    await settle();
    expect(tab.sentContents()).toEqual(["one", "two", "three"]);
    expect(tab.stored.map(({ content }) => content)).toEqual(["one", "two", "three"]);
    expect(tab.contents()).toEqual([]);
    expect(await database.list("outbox")).toEqual([]);
  });

  test("goes out with those whom it mentions, also from another page", async () => {
    const before = await openTab({ isConnected: false });
    before.outbox.add("room", "@Ana, @Bo", null, ["ana", "bo"]);
    before.outbox.add("room", "all");
    await settle();
    before.outbox.close();
    const tab = await openTab();
    await settle();
    expect(tab.sent).toMatchObject([{ mentions: ["ana", "bo"] }, { content: "all" }]);
    expect(tab.sent[1]).toHaveProperty("mentions", undefined);
  });

  test("goes out once when the disk answers late with what has gone out meanwhile", async () => {
    const before = await openTab({ isConnected: false });
    for (const content of ["one", "two"]) before.outbox.add("room", content);
    await settle();
    before.outbox.close();
    const list = database.list.bind(database);
    const readLate = async (...asked: Parameters<typeof list>): Promise<unknown[]> => {
      const entries = await list(...asked);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return entries;
    };
    vi.spyOn(database, "list").mockImplementationOnce(list).mockImplementation(readLate);
    const tab = await openTab();
    tab.outbox.resume();
    await settle(1_000);
    expect(tab.sentContents()).toEqual(["one", "two"]);
    expect(tab.contents()).toEqual([]);
  });

  test("waits for the answer to the one before it in its room, but not in another", async () => {
    const tab = await openTab();
    tab.answer = () => new Promise(() => undefined);
    tab.outbox.add("a", "one");
    tab.outbox.add("a", "two");
    tab.outbox.add("b", "three");
    await settle();
    expect(tab.sentContents()).toEqual(["one", "three"]);
  });

  test("is on disk before it is sent", async () => {
    const tab = await openTab();
    const write = database.write.bind(database);
    vi.spyOn(database, "write").mockImplementation(async (changes) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await write(changes);
    });
    tab.outbox.add("room", "one");
    await settle(49);
    expect(tab.sent).toEqual([]);
    await settle(51);
    expect(tab.sentContents()).toEqual(["one"]);
  });

  test("is sent although the disk hangs", async () => {
    const tab = await openTab();
    vi.spyOn(database, "write").mockReturnValue(new Promise(() => undefined));
    tab.outbox.add("room", "one");
    await settle(300);
    expect(tab.sentContents()).toEqual(["one"]);
  });

  test("finds room on a full disk in place of what is cached", async () => {
    const tab = await openTab({ isConnected: false });
    await database.write([{ store: "messages", key: ["room"], value: "cached" }]);
    vi.spyOn(database, "write").mockRejectedValueOnce(new DOMException("full", "QuotaExceededError"));
    tab.outbox.add("room", "one");
    await settle();
    expect([await database.list("outbox"), await database.list("messages")]).toMatchObject([[{ content: "one" }], []]);
  });

  test("survives the end of the page and goes out in order with the same ids", async () => {
    const before = await openTab({ isConnected: false });
    const ids = ["one", "two"].map((content) => before.outbox.add("room", content).clientMessageId);
    await settle();
    before.outbox.close();
    const after = await openTab();
    expect(after.sent.map(({ clientMessageId }) => clientMessageId)).toEqual(ids);
  });

  test("before the device was known is taken along", async () => {
    const tab = new Tab();
    open.push(tab);
    tab.outbox.add("room", "early");
    await tab.outbox.attach(new Device(database), tabs[0]!, "outbox");
    await settle();
    expect(tab.sentContents()).toEqual(["early"]);
  });
});

describe("a failure", () => {
  test("of the network is tried again with the same id, later each time, and at once when the connection is back", async () => {
    const tab = await openTab();
    tab.answer = () => Promise.reject(timeoutError());
    tab.outbox.add("room", "one");
    await settle(60_000);
    const tries = tab.sent.length;
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(10);
    expect(new Set(tab.sent.map(({ clientMessageId }) => clientMessageId)).size).toBe(1);
    tab.answer = (sent) => Promise.resolve(storedOf(sent));
    tab.outbox.resume();
    await settle();
    expect(tab.contents()).toEqual([]);
  });

  test("leaves everything in the queue while there is no connection", async () => {
    const tab = await openTab({ isConnected: false });
    tab.outbox.add("room", "one");
    await settle(60_000);
    expect(tab.sent).toEqual([]);
    tab.isConnected = true;
    tab.outbox.resume();
    await settle();
    expect(tab.sentContents()).toEqual(["one"]);
  });

  test("of the rate waits as long as the server says", async () => {
    const tab = await openTab();
    let isFirst = true;
    tab.answer = (sent) => {
      if (!isFirst) return Promise.resolve(storedOf(sent));
      isFirst = false;
      return Promise.reject(new ChatError("rate_limited", "", 5_000));
    };
    tab.outbox.add("room", "one");
    tab.outbox.add("room", "two");
    await settle(4_999);
    expect(tab.sentContents()).toEqual(["one"]);
    await settle(1);
    expect(tab.sentContents()).toEqual(["one", "one", "two"]);
  });

  test("for good keeps the message, refused, and lets those after it go", async () => {
    const tab = await openTab();
    tab.answer = (sent) =>
      sent.content === "bad"
        ? Promise.reject(new ChatError("bad_request", "Too long."))
        : Promise.resolve(storedOf(sent));
    const bad = tab.outbox.add("room", "bad");
    tab.outbox.add("room", "good");
    await settle(60_000);
    expect(tab.sentContents()).toEqual(["bad", "good"]);
    expect(tab.outbox.queue.getSnapshot()).toMatchObject([{ state: "refused", error: { message: "Too long." } }]);
    expect(await database.list("outbox")).toMatchObject([{ state: "refused" }]);

    tab.answer = (sent) => Promise.resolve(storedOf(sent));
    tab.outbox.retry(bad.clientMessageId);
    await settle();
    expect(tab.sent.at(-1)?.clientMessageId).toBe(bad.clientMessageId);
    expect(await database.list("outbox")).toEqual([]);
  });

  test("that somebody discards is gone everywhere", async () => {
    const tab = await openTab();
    tab.answer = () => Promise.reject(new ChatError("room_blocked", "Blocked."));
    const refused = tab.outbox.add("room", "one");
    await settle();
    tab.outbox.discard(refused.clientMessageId);
    await settle();
    expect([tab.outbox.queue.getSnapshot(), await database.list("outbox")]).toEqual([[], []]);
  });

  test("of the acknowledgement alone ends when the message is seen in its room", async () => {
    const tab = await openTab();
    tab.answer = () => Promise.reject(offlineError());
    const { clientMessageId } = tab.outbox.add("room", "one");
    await settle();
    tab.outbox.settle(anOwnMessage(9, { clientMessageId }));
    await settle(60_000);
    expect([tab.sent.length, tab.contents(), await database.list("outbox")]).toEqual([1, [], []]);
  });
});

const archive = (archived = true): Action => ({ kind: "archive", archived, seq: 1 });
const unread = (unread = true): Action => ({ kind: "markUnread", unread });

describe("an action", () => {
  test("waits for what was written before it in its room, is taken once, and is forgotten", async () => {
    const tab = await openTab();
    let acknowledge: () => void = () => undefined;
    tab.answer = (sent) => new Promise((resolve) => (acknowledge = () => resolve(storedOf(sent))));
    tab.outbox.add("room", "one");
    tab.outbox.act("room", archive());
    tab.outbox.act("other", unread());
    await settle();
    expect([tab.performed, tab.waitingActions()]).toEqual([[{ roomId: "other", ...unread() }], [archive()]]);
    expect(tab.contents()).toEqual(["one"]);
    acknowledge();
    await settle();
    expect(tab.performed.at(-1)).toEqual({ roomId: "room", ...archive() });
    expect([tab.done, tab.waitingActions(), await database.list("outbox")]).toEqual([[unread(), archive()], [], []]);
  });

  test("survives the end of the page without a network, as it was chosen last", async () => {
    const before = await openTab({ isConnected: false });
    before.outbox.act("room", archive());
    before.outbox.act("room", unread());
    before.outbox.act("room", archive(false));
    await settle();
    before.outbox.close();
    const after = await openTab();
    expect(after.performed).toEqual([
      { roomId: "room", ...unread() },
      { roomId: "room", ...archive(false) },
    ]);
  });

  test("that is chosen anew while the first is under way follows it", async () => {
    const tab = await openTab();
    let acknowledge: () => void = () => undefined;
    tab.take = () => new Promise((resolve) => (acknowledge = () => resolve(undefined)));
    tab.outbox.act("room", archive());
    await settle();
    tab.outbox.act("room", archive(false));
    tab.outbox.act("room", archive());
    tab.outbox.act("room", archive(false));
    expect(tab.waitingActions()).toEqual([archive(), archive(false)]);
    acknowledge();
    await settle();
    acknowledge();
    await settle();
    expect(tab.performed.map((action) => "archived" in action && action.archived)).toEqual([true, false]);
  });

  test("is tried again after a failure of the network, and told of where it is refused", async () => {
    const tab = await openTab();
    tab.take = () => Promise.reject(timeoutError());
    tab.outbox.act("room", archive());
    await settle(60_000);
    expect([tab.performed.length > 2, tab.refused, tab.waitingActions()]).toEqual([true, [], [archive()]]);
    tab.take = () => Promise.reject(new ChatError("access_denied", ""));
    tab.outbox.resume();
    await settle();
    expect(tab.refused).toEqual([{ ...archive(), code: "access_denied" }]);
    expect([tab.waitingActions(), await database.list("outbox")]).toEqual([[], []]);
  });

  test("that is refused waits until it is kept elsewhere, but not for ever", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.take = () => Promise.reject(new ChatError("access_denied", ""));
    let keep = (): void => undefined;
    one.keepRefused = () => new Promise<void>((resolve) => (keep = resolve));
    one.outbox.act("room", archive());
    await settle();
    expect([two.refused, await database.list("outbox")]).toMatchObject([[], [{ action: archive() }]]);
    keep();
    await settle();
    expect([two.refused, await database.list("outbox")]).toMatchObject([[{ code: "access_denied" }], []]);
    one.outbox.act("room", unread());
    await settle(10_000);
    expect([two.refused.length, two.waitingActions()]).toEqual([2, []]);
  });

  test("is shown by every tab, taken by one of them, and undone in all", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.take = () => Promise.reject(offlineError());
    two.outbox.act("room", archive());
    await settle();
    expect([one.waitingActions(), two.performed]).toEqual([[archive()], []]);
    one.take = ({ kind }) =>
      kind === "archive"
        ? Promise.reject(new ChatError("access_denied", "", null, { why: "left" }))
        : Promise.resolve(undefined);
    one.outbox.resume();
    two.outbox.act("room", unread());
    await settle();
    for (const tab of [one, two]) {
      expect([tab.refused, tab.done, tab.waitingActions()]).toEqual([
        [{ ...archive(), code: "access_denied", why: "left" }],
        [unread()],
        [],
      ]);
    }
  });
});

describe("an action that can be undone", () => {
  const erase: Action = { kind: "delete", messageId: "message-1" };

  test("is shown at once, holds up nothing else, and is sent after its time", async () => {
    const tab = await openTab();
    tab.outbox.act("room", erase, 5_000);
    tab.outbox.add("room", "one");
    await settle(4_999);
    expect([tab.waitingActions(), tab.performed, tab.sentContents()]).toEqual([[erase], [], ["one"]]);
    await settle(1);
    expect([tab.waitingActions(), tab.done]).toEqual([[], [erase]]);
  });

  test("is never sent when it was undone, and not undone when it was sent", async () => {
    const tab = await openTab();
    expect(tab.outbox.discard(tab.outbox.act("room", erase, 5_000))).toBe(true);
    await settle(6_000);
    expect([tab.performed, await database.list("outbox")]).toEqual([[], []]);
    const id = tab.outbox.act("room", erase, 5_000);
    await settle(5_000);
    expect(tab.outbox.discard(id)).toBe(false);
  });

  test("is sent when the page is hidden, or with the next page when that has ended", async () => {
    const tab = await openTab();
    tab.outbox.act("room", erase, 5_000);
    tab.outbox.release();
    await settle();
    expect(tab.done).toEqual([erase]);
    tab.outbox.act("room", erase, 5_000);
    await settle();
    tab.outbox.close();
    const next = await openTab();
    expect(next.waitingActions()).toEqual([erase]);
    await settle(5_000);
    expect(next.done).toEqual([erase]);
  });
});

describe("two tabs", () => {
  test("show each other's queue, and only one of them sends", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.answer = () => Promise.reject(offlineError());
    one.outbox.add("room", "of one");
    await settle(1);
    two.outbox.add("room", "of two");
    await settle();
    expect([one.contents(), two.contents()]).toEqual([
      ["of one", "of two"],
      ["of one", "of two"],
    ]);
    one.answer = (sent) => Promise.resolve(storedOf(sent));
    one.outbox.resume();
    await settle();
    expect([one.sentContents().slice(-2), two.sentContents()]).toEqual([["of one", "of two"], []]);
    expect([one.contents(), two.contents()]).toEqual([[], []]);
    expect(two.stored.map(({ content }) => content)).toEqual(["of one", "of two"]);
  });

  test("tell each other what was refused and what was discarded", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.answer = () => Promise.reject(new ChatError("room_blocked", "Blocked."));
    const { clientMessageId } = two.outbox.add("room", "of two");
    await settle();
    expect(two.contents("refused")).toEqual(["of two"]);
    two.outbox.discard(clientMessageId);
    await settle();
    expect(one.outbox.queue.getSnapshot()).toEqual([]);
  });

  test("lose nothing when the one that sends ends", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.isConnected = false;
    one.outbox.add("room", "of one");
    await settle();
    one.outbox.close();
    await settle();
    expect(two.sentContents()).toEqual(["of one"]);
  });

  test("go on when the one that sends is frozen", async () => {
    const [frozen, awake] = [await openTab(), await openTab()];
    tabs[0]!.close(); // it hears nothing
    frozen.answer = () => new Promise(() => undefined);
    awake.outbox.add("room", "of the other");
    await settle(10_000);
    expect(awake.sentContents()).toEqual(["of the other"]);
  });

  test("do not take the sending from one that lives", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.answer = () => Promise.reject(timeoutError());
    two.outbox.add("room", "of two");
    await settle(30_000);
    expect(two.sent).toEqual([]);
    one.answer = (sent) => Promise.resolve(storedOf(sent));
    await settle(60_000);
    expect([one.contents(), two.contents()]).toEqual([[], []]);
  });
});
