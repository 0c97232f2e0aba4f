// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError, offlineError } from "../lib/api/chatError";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { NO_FILES } from "./attached";
import { Device } from "./device";
import { DraftBook } from "./drafts";
import { DraftSync, type DraftRecord } from "./draftSync";
import { makeTabs } from "./testing/memoryTabs";
import { anAttachment } from "./testing/samples";
import type { ReplyMode } from "./types";

const START = Date.parse("2026-03-01T12:00:00.000Z");
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const reply: ReplyMode = {
  kind: "reply",
  key: "m1",
  quote: {
    ...{ id: "m1", seq: 1, senderId: "theo", senderName: "Theo", content: "?", type: "text", deletedAt: null },
    ...NO_FILES,
  },
};

/** The server's drafts of one person, by its own rules. */
class FakeDrafts {
  readonly records = new Map<string, DraftRecord>();
  readonly requests: unknown[] = [];
  isWhole = true;

  put(chatRoomId: string, content: string, seconds: number, replyTo: string | null = null): DraftRecord {
    const record = { chatRoomId, content, replyTo, updatedAt: at(seconds) };
    this.records.set(chatRoomId, record);
    return record;
  }

  save(payload: { chatRoomId: string; content: string; replyTo: string | null; ageMs: number }): DraftRecord {
    this.requests.push(payload);
    const { ageMs, ...draft } = payload;
    const writtenAt = new Date(Date.now() - ageMs).toISOString();
    const known = this.records.get(draft.chatRoomId);
    if (known !== undefined && known.updatedAt > writtenAt) return known;
    const record = { ...draft, updatedAt: writtenAt };
    this.records.set(draft.chatRoomId, record);
    return record;
  }
}

let server: FakeDrafts;
let isConnected: boolean;
/** Whether the server gives the list of drafts. */
let isListed: boolean;
let sending: Set<string>;
let refusal: ChatError | null;
let device: Device;
let book: DraftBook;
let sync: DraftSync;

async function open(): Promise<void> {
  book = new DraftBook();
  await book.attach(device, makeTabs(1)[0]!);
  sync = new DraftSync({
    book,
    isConnected: () => isConnected,
    request: (_, payload) =>
      refusal ? Promise.reject(refusal) : Promise.resolve(server.save(payload as Parameters<FakeDrafts["save"]>[0])),
    listDrafts: () =>
      isConnected && isListed
        ? Promise.resolve({
            drafts: [...server.records.values()].filter(({ content, replyTo }) => content !== "" || replyTo !== null),
            isWhole: server.isWhole,
          })
        : Promise.reject(offlineError()),
    isSending: (roomId) => sending.has(roomId),
    findReply: (_, messageId) => Promise.resolve(messageId === "m1" ? reply : null),
  });
}

/** The page after this one, which has a connection. */
async function openConnected(): Promise<void> {
  sync.close();
  book.close();
  isConnected = true;
  await open();
  await sync.resume();
  await pass(0);
}

beforeEach(async () => {
  vi.useFakeTimers({ now: START });
  server = new FakeDrafts();
  isConnected = isListed = true;
  sending = new Set();
  refusal = null;
  device = new Device(new MemoryDatabase());
  await open();
});
afterEach(() => {
  sync.close();
  book.close();
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);
const saved = (roomId = "room") => server.records.get(roomId)?.content;

describe("what is written here", () => {
  test("is saved when the hand rests, and at once when the composer is left", async () => {
    for (const text of ["H", "He", "Hello"]) {
      book.set("room", text);
      await pass(1);
    }
    expect(server.requests).toEqual([]);
    await pass(1);
    expect(server.requests).toMatchObject([{ chatRoomId: "room", content: "Hello", replyTo: null }]);
    book.set("room", "Hello there");
    book.leave("room");
    await pass(0);
    expect(saved()).toBe("Hello there");
  });

  test("is saved with what it answers; an edit is not", async () => {
    book.setMode("room", reply);
    book.setMode("other", {
      ...reply,
      kind: "edit",
      messageId: "m2",
      clientMessageId: null,
      before: "a",
      ifChange: 0,
      text: "b",
    });
    await pass(2);
    expect(server.requests).toMatchObject([{ chatRoomId: "room", content: "", replyTo: "m1" }]);
  });

  test("waits for a connection, also until another page, and says how old it is", async () => {
    isConnected = false;
    book.set("room", "written offline");
    await pass(60);
    await openConnected();
    expect(server.requests).toMatchObject([{ content: "written offline", ageMs: 60_000 }]);
  });

  test("goes out though what was written elsewhere could not be had at first", async () => {
    isConnected = false;
    book.set("room", "written offline");
    await pass(60);
    isConnected = true;
    isListed = false;
    await sync.resume();
    expect(server.requests).toEqual([]);
    isListed = true;
    await pass(30);
    expect(server.requests).toMatchObject([{ content: "written offline" }]);
  });

  test("is given up everywhere, also when that was offline", async () => {
    book.set("room", "Hello");
    await pass(2);
    isConnected = false;
    book.set("room", "");
    await openConnected();
    expect([saved(), book.get("room")]).toEqual(["", ""]);
    book.close();
    expect(await device.readDrafts()).toEqual([]);
  });

  test("is not tried again where it is refused, until it is something else", async () => {
    refusal = new ChatError("bad_request", "Too long.");
    book.set("room", "long");
    await pass(60);
    refusal = null;
    sync.review();
    await pass(60);
    expect(server.requests).toEqual([]);
    book.set("room", "short");
    await pass(2);
    expect(saved()).toBe("short");
  });
});

describe("what another device has written", () => {
  test("is here with its answer, on starting and as it comes", async () => {
    server.put("room", "from the phone", 1, "m1");
    await sync.resume();
    await pass(0);
    expect([book.get("room"), book.modeOf("room")]).toEqual(["from the phone", reply]);
    sync.hear(server.put("room", "more", 2));
    await pass(0);
    expect([book.get("room"), book.modeOf("room")]).toEqual(["more", null]);
    await pass(60);
    expect(server.requests).toEqual([]);
  });

  test("is not given up because the message that it answers is not at hand", async () => {
    sync.hear(server.put("room", "text", 1, "unknown"));
    await pass(60);
    expect([book.get("room"), server.requests]).toEqual(["text", []]);
  });

  test("is not put under the hand that writes: what is written last counts", async () => {
    book.set("room", "here");
    await pass(2);
    sync.hear(server.put("room", "there", 3));
    await pass(2);
    expect(book.get("room")).toBe("here");
    book.set("room", "here and more");
    await pass(20);
    expect([saved(), book.get("room")]).toEqual(["here and more", "here and more"]);
  });

  test("comes once the hand rests", async () => {
    book.set("room", "here");
    await pass(2);
    sync.hear(server.put("room", "there", 3));
    await pass(10);
    expect(book.get("room")).toBe("there");
  });

  test("holds where this device was offline and wrote earlier", async () => {
    isConnected = false;
    book.set("room", "earlier");
    await pass(100);
    server.put("room", "later", 50);
    isConnected = true;
    await sync.resume();
    await pass(5);
    expect([saved(), book.get("room")]).toEqual(["later", "later"]);
  });

  test("that overtook a newer one is left out", async () => {
    const old = server.put("room", "old", 1);
    sync.hear(server.put("room", "new", 2));
    await pass(0);
    sync.hear(old);
    await pass(0);
    expect(book.get("room")).toBe("new");
  });

  test("is over here when it has ended meanwhile; unless there is more than was asked for", async () => {
    sync.hear(server.put("room", "text", 1));
    await pass(0);
    server.records.clear();
    server.isWhole = false;
    await sync.resume();
    await pass(20);
    expect(book.get("room")).toBe("text");
    server.isWhole = true;
    await sync.resume();
    await pass(0);
    expect(book.get("room")).toBe("");
  });
});

describe("a message of one's own", () => {
  const own = (content: string, createdAt: string) => ({ content, createdAt, attachments: [] });

  test("ends the draft without a word of this device, also when it waits to be sent", async () => {
    book.set("room", "Hello");
    await pass(2);
    sending.add("room");
    book.set("room", "");
    await pass(60);
    sync.hearOwn("room", own("Hello", at(62)));
    server.put("room", "", 62);
    sending.clear();
    sync.review();
    await pass(60);
    expect(server.requests).toHaveLength(1);
  });

  test("that was refused ends the draft by a word of this device", async () => {
    book.set("room", "Hello");
    await pass(2);
    sending.add("room");
    book.set("room", "");
    await pass(5);
    sending.clear();
    sync.review();
    await pass(2);
    expect(saved()).toBe("");
  });

  test("from another device takes its text away here, and what it grew from", async () => {
    sync.hear(server.put("room", "see you on", 1));
    await pass(60);
    sync.hearOwn("room", own("see you on Friday", at(60)));
    expect(book.get("room")).toBe("");
  });

  test("leaves here what was not meant by it, and that is saved again", async () => {
    book.set("room", "a long answer");
    await pass(60);
    server.put("room", "", 60);
    sync.hearOwn("room", own("ok", at(60)));
    await pass(5);
    expect([book.get("room"), saved()]).toEqual(["a long answer", "a long answer"]);
  });

  const name = "plan of the house.png";
  test.each([
    ["a message", { attachments: [anAttachment({ name })] }],
    ["the list of conversations", { hasCaption: false }],
  ])("that is a file alone, by what %s says, leaves here what its name begins with", async (_, files) => {
    book.set("room", "plan");
    await pass(60);
    server.put("room", "", 60);
    sync.hearOwn("room", { content: name, createdAt: at(60), ...files });
    await pass(5);
    expect([book.get("room"), saved()]).toEqual(["plan", "plan"]);
  });

  test("leaves here what was begun after it, although it is heard of twice", async () => {
    sending.add("room");
    sync.hearOwn("room", own("Hello", at(1)));
    sending.clear();
    book.set("room", "He");
    await pass(2);
    sync.hearOwn("room", own("Hello", at(1)));
    expect(book.get("room")).toBe("He");
  });
});
