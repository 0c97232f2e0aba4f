// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createChatClient } from "./client";
import { Device } from "./device";
import { FakePage } from "./testing/fakePage";
import { FakeServer, Refusal } from "./testing/fakeSocket";
import { anEdit, aNotification, anOwnMessage, aRoom, aRun, JUNIPER, MAYA } from "./testing/samples";
import type { ChatClient, ChatClientOptions, Message, NotificationRecord, Room, User } from "./types";

/** One browser tab at one server, where Maya has a room with Juniper. */
class Tab {
  readonly server = new FakeServer();
  readonly page = new FakePage();
  readonly client: ChatClient;

  constructor(change: Partial<ChatClientOptions> = {}) {
    const { server, page } = this;
    server.on("sync", () => ({ rooms: [], more: false }));
    server.on("mark_read", () => ({}));
    server.on("mark_delivered", () => ({}));
    server.on("join_chat", ({ afterSeq }) => {
      const missed = stored.filter(({ seq }) => seq > ((afterSeq as number | undefined) ?? 0));
      server.socket.emit("chat_history", missed);
      return { room, reload: false };
    });
    server.on("send_message", ({ content, clientMessageId }) => {
      const message = anOwnMessage(stored.length + 1, {
        content: content as string,
        clientMessageId: clientMessageId as string,
      });
      stored.push(message);
      return message;
    });
    const getToken = () => Promise.resolve("token");
    this.client = createChatClient(
      { serverUrl: "http://server", getToken, ...change },
      { page, openSocket: server.open, fetch: answerFetch },
    );
    tabs.push(this);
  }
}

const tabs: Tab[] = [];
let me: User;
let room: Room;
let stored: Message[];
let isRestDown: boolean;
let notifications: NotificationRecord[];
let put: string[];

const answerFetch: typeof fetch = (address, request) => {
  if (isRestDown) return Promise.reject(new TypeError("fetch failed"));
  const { pathname } = new URL(address as string);
  if (request?.method === "PUT") put.push(pathname);
  const answers: Record<string, unknown> = {
    "/api/users/me": me,
    "/api/chat/rooms": [room],
    "/api/chat/presence": [],
    "/api/notifications": notifications,
    "/api/notifications/preferences": { types: {}, mutedRooms: {} },
  };
  return Promise.resolve(Response.json({ success: true, data: answers[pathname] }));
};

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  [me, isRestDown, notifications, put] = [MAYA, false, [], []];
  stored = aRun(1, 3);
  room = aRoom({ lastSeq: 3, lastReadSeq: 1, unreadCount: 2 });
});
afterEach(() => {
  for (const { client } of tabs.splice(0)) client.close();
});

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 4_000, interval: 5 });

async function openTab(change?: Partial<ChatClientOptions>): Promise<Tab> {
  const tab = new Tab(change);
  await until(() => expect(tab.client.connection.getSnapshot().phase).toBe("online"));
  return tab;
}

describe("a client", () => {
  test("signs in, lists rooms, opens one, reads and sends", async () => {
    const { client, server } = await openTab();
    expect(client.me.getSnapshot()).toEqual(MAYA);
    expect(client.rooms.getSnapshot()).toMatchObject({ phase: "ready", totalUnread: 2 });
    const conversation = client.open("room");
    await until(() => expect(conversation.getSnapshot()).toMatchObject({ phase: "ready", firstUnreadSeq: 2 }));
    conversation.markRead(3);
    expect(client.rooms.getSnapshot().totalUnread).toBe(0);
    conversation.send("Hello");
    expect(conversation.getSnapshot().items.at(-1)).toMatchObject({ content: "Hello", state: "queued" });
    await until(() => expect(conversation.getSnapshot().items.at(-1)).toMatchObject({ seq: 4, state: "sent" }));
    expect(server.payloadsOf("mark_read")).toEqual([{ chatRoomId: "room", seq: 3 }]);
  });

  test("has its rooms, its conversations and what was written without a network", async () => {
    const before = await openTab();
    const opened = before.client.open("room");
    await until(() => expect(opened.getSnapshot().items).toHaveLength(3));
    before.page.setOnline(false);
    opened.send("written offline");
    before.client.drafts.set("room", "and more");
    before.page.hide();
    await until(async () => expect((await databaseOf("outbox")).length).toBe(1));
    before.client.close();

    isRestDown = true;
    const after = new Tab();
    after.server.refusal = () => "down";
    await until(() => expect(after.client.me.getSnapshot()).toEqual(MAYA));
    expect(after.client.rooms.getSnapshot().rooms).toHaveLength(1);
    expect(after.client.drafts.get("room")).toBe("and more");
    const conversation = after.client.open("room");
    await until(() =>
      expect(conversation.getSnapshot().items.map((item) => item.state)).toEqual([null, null, null, "queued"]),
    );

    isRestDown = false;
    after.server.refusal = null;
    after.client.reconnectNow();
    await until(() =>
      expect(conversation.getSnapshot().items.at(-1)).toMatchObject({ seq: 4, content: "written offline" }),
    );
    expect(stored.filter(({ content }) => content === "written offline")).toHaveLength(1);
  });

  test("says that there is nothing to show when nothing is kept and nobody answers", async () => {
    isRestDown = true;
    const { client, page } = new Tab();
    page.setOnline(false);
    await until(() => expect(client.rooms.getSnapshot().phase).toBe("failed"));
    const conversation = client.open("room");
    await until(() => expect(conversation.getSnapshot().phase).toBe("failed"));
    isRestDown = false;
    page.setOnline(true);
    await until(() => expect(conversation.getSnapshot().phase).toBe("ready"));
    expect(client.rooms.getSnapshot().phase).toBe("ready");
  });

  test("catches up before it is online again", async () => {
    const { client, server } = await openTab();
    const conversation = client.open("room");
    await until(() => expect(conversation.getSnapshot().items).toHaveLength(3));
    const seen: [string, number][] = [];
    client.connection.subscribe(() => {
      seen.push([client.connection.getSnapshot().phase, conversation.getSnapshot().items.length]);
    });
    stored = aRun(1, 5);
    server.socket.break();
    await until(() => expect(client.connection.getSnapshot().phase).toBe("online"));
    expect(seen.slice(-2)).toEqual([
      ["catchingUp", 3],
      ["online", 5],
    ]);
  });

  test("tells what was read without a connection when it is back", async () => {
    const { client, page, server } = await openTab();
    page.setOnline(false);
    client.open("room").markRead(3);
    page.setOnline(true);
    await until(() => expect(server.payloadsOf("mark_read")).toEqual([{ chatRoomId: "room", seq: 3 }]));
  });

  test("says whether its page can be seen, on each connect and each change", async () => {
    const { page, server } = await openTab();
    page.setVisible(false);
    const said = () =>
      server.payloadsOf("set_visibility").map((payload) => (payload as { isVisible: boolean }).isVisible);
    expect(said()).toEqual([true, false]);
    page.setOnline(false);
    page.setOnline(true);
    await until(() => expect(said()).toEqual([true, false, false]));
  });

  test("writes down what must be kept in the last moment of its page", async () => {
    const { client, page } = await openTab();
    const keepDraft = vi.spyOn(Device.prototype, "keepDraft");
    client.drafts.set("room", "begun");
    page.hide();
    expect(keepDraft).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ roomId: "room", text: "begun" }));
  });

  test("shares a conversation among all who open it, and leaves it after the last", async () => {
    const { client, server } = await openTab();
    const [one, two] = [client.open("room"), client.open("room")];
    await until(() => expect(one.getSnapshot().phase).toBe("ready"));
    expect(two.getSnapshot()).toBe(one.getSnapshot());
    one.close();
    one.close();
    two.close();
    client.open("room").close();
    await until(() => expect(server.payloadsOf("leave_chat")).toHaveLength(1));
    expect(server.payloadsOf("join_chat")).toHaveLength(1);
  });

  test("marks as delivered what it learns of rooms that are not open", async () => {
    const { server } = await openTab();
    server.socket.emit("room_updated", { ...room, lastSeq: 4, unreadCount: 3, lastMessage: { isOwn: false, seq: 4 } });
    await until(() => expect(server.payloadsOf("mark_delivered")).toContainEqual({ chatRoomId: "room", seq: 4 }));
  });

  test("clears the notifications of a room that is read", async () => {
    const { client, server } = await openTab();
    server.socket.emit("notification", aNotification("a", 3));
    expect(client.notifications.getSnapshot()).toMatchObject({ items: [{ read: false }], latest: { id: "a" } });
    server.socket.emit("room_updated", { ...room, lastReadSeq: 3, unreadCount: 0 });
    expect(client.notifications.getSnapshot()).toMatchObject({ items: [{ read: true }] });
  });

  test("has its notifications on each connect, and tells what was marked read in between", async () => {
    const job = aNotification("job", 1, { type: "job_match", data: { jobId: "j" } });
    notifications = [job];
    const { client, page } = await openTab();
    await until(() => expect(client.notifications.getSnapshot()).toMatchObject({ phase: "ready", unreadCount: 1 }));
    page.setOnline(false);
    client.notifications.markRead("job");
    notifications = [aNotification("new", 2, { type: "job_match", data: { jobId: "k" } }), job];
    page.setOnline(true);
    await until(() => expect(put).toEqual(["/api/notifications/job/read"]));
    expect(client.notifications.getSnapshot().items.map(({ id, read }) => [id, read])).toEqual([
      ["new", false],
      ["job", true],
    ]);
  });

  test("reads what was read on another device", async () => {
    notifications = [aNotification("job", 1, { type: "job_match", data: {} })];
    const { client, server } = await openTab();
    await until(() => expect(client.notifications.getSnapshot().unreadCount).toBe(1));
    server.socket.emit("notification_withdrawn", { ids: ["job"] });
    expect(client.notifications.getSnapshot().unreadCount).toBe(0);
  });

  test("keeps one person's caches from another", async () => {
    const before = await openTab({ account: "same account" });
    before.client.close();
    me = JUNIPER;
    const onSignedOut = vi.fn<(reason: string) => void>();
    const { client } = new Tab({ account: "same account", onSignedOut });
    await until(() => expect(onSignedOut).toHaveBeenCalledExactlyOnceWith("account_changed"));
    client.close();
    const again = await openTab({ account: "same account" });
    expect(again.client.me.getSnapshot()).toEqual(JUNIPER);
  });

  test("removes everything from the device when it signs out, and ends the session in other tabs", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.client.drafts.set("room", "secret");
    await one.client.signOut();
    await until(() =>
      expect(two.client.connection.getSnapshot()).toEqual({ phase: "signedOut", reason: "signed_out" }),
    );
    two.client.close();
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(["hyred-chat people"]);
    isRestDown = true;
    const after = new Tab();
    after.page.setOnline(false);
    await until(() => expect(after.client.rooms.getSnapshot().phase).toBe("failed"));
    expect(after.client.me.getSnapshot()).toBeNull();
  });

  test("has a refused text after a reload, until its message is deleted or one is no member any more", async () => {
    const before = await openTab();
    before.server.on("edit_message", () => {
      throw new Refusal("too_late");
    });
    for (const seq of [1, 3]) before.client.act("room", anEdit(seq, `mine ${seq}`));
    const waitingIn = async ({ client }: Tab) =>
      (await client.refusedEdits())?.waiting.getSnapshot().map(({ action }) => action.content);
    await until(async () => expect(await waitingIn(before)).toEqual(["mine 1", "mine 3"]));
    expect([await databaseOf("outbox"), before.client.refusals.getSnapshot()?.error.code]).toEqual([[], "too_late"]);
    before.client.close();

    stored[2] = anOwnMessage(3, { id: "message-3", deletedAt: "2026-01-02T00:00:00Z" });
    const after = await openTab();
    await until(async () => expect(await waitingIn(after)).toEqual(["mine 1", "mine 3"]));
    const conversation = after.client.open("room");
    await until(() => expect(conversation.getSnapshot().phase).toBe("ready"));
    after.page.hide();
    await until(async () => expect(await waitingIn(after)).toEqual(["mine 1"]));
    after.server.socket.emit("user_left", { chatRoomId: "room", userId: MAYA.id });
    await until(async () => expect(await waitingIn(after)).toEqual([]));
    expect(JSON.stringify(await databaseOf("meta"))).not.toContain("mine");
  });

  test("keeps no picture that a group has lost while the app was closed, whether or not one is shown", async () => {
    const path = "/kept-pictures/a-group/a-file";
    const kept = new Set([path]);
    const cache = {
      keys: () => Promise.resolve([...kept].map((one) => new Request(`http://server${one}`))),
      delete: ({ url }: Request) => Promise.resolve(kept.delete(new URL(url).pathname)),
    };
    vi.stubGlobal("caches", { open: () => Promise.resolve(cache) });
    const { client } = new Tab();
    await vi.waitFor(() => expect(client.connection.getSnapshot().phase).toBe("online"));
    await vi.waitFor(() => expect(kept.size).toBe(0));
    vi.unstubAllGlobals();
  });

  test("shows in one tab what was read in another", async () => {
    const [one, two] = [await openTab(), await openTab()];
    one.client.open("room").markRead(3);
    await until(() => expect(two.client.rooms.getSnapshot().totalUnread).toBe(0));
  });

  test("leaves no listener behind when it is closed", async () => {
    const { client, page, server } = await openTab();
    client.open("room");
    client.close();
    client.close();
    expect(page.listeners).toBe(0);
    expect(server.socket.isEnded).toBe(true);
  });
});

async function databaseOf(store: string): Promise<unknown[]> {
  const { openKeyValueDatabase } = await import("../lib/storage/indexedDatabase");
  const stores = ["outbox", "rooms", "messages", "drafts", "notifications", "meta"];
  const database = await openKeyValueDatabase({ name: "hyred-chat http://server maya", version: 1, stores });
  const values = await database.list(store);
  database.close();
  return values;
}
