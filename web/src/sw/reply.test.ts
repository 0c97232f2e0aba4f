// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createChatClient } from "../realtime/client";
import { FakePage } from "../realtime/testing/fakePage";
import { FakeServer } from "../realtime/testing/fakeSocket";
import { anOwnMessage, aRoom, MAYA } from "../realtime/testing/samples";
import type { ChatClient } from "../realtime/types";
import { keepReply } from "./reply";

const room = aRoom();
const answers: Record<string, unknown> = {
  "/api/users/me": MAYA,
  "/api/chat/rooms": [room],
  "/api/chat/presence": [],
  "/api/notifications": [],
};
const until = (check: () => void) => vi.waitFor(check, { timeout: 4_000, interval: 5 });
const open: ChatClient[] = [];

/** A window of Maya's, as the app makes it: on its own origin. */
function openWindow(): { server: FakeServer; client: ChatClient } {
  const server = new FakeServer();
  server.on("send_message", ({ content, clientMessageId }) =>
    anOwnMessage(1, { content: content as string, clientMessageId: clientMessageId as string }),
  );
  const fetch = (path: unknown) =>
    Promise.resolve(Response.json({ success: true, data: answers[path as string] ?? {} }));
  const client = createChatClient(
    { serverUrl: "", getToken: () => Promise.resolve("token") },
    { page: new FakePage(), openSocket: server.open, fetch: fetch },
  );
  open.push(client);
  return { server, client };
}

const isOnline = (client: ChatClient) => until(() => expect(client.connection.getSnapshot().phase).toBe("online"));

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

test("a reply is sent by the window that is open, once", async () => {
  const { server, client } = openWindow();
  await isOnline(client);
  expect(await keepReply({ userId: MAYA.id, roomId: room.id, text: "On my way" })).toBe(true);
  await until(() => expect(server.payloadsOf("send_message")).toHaveLength(1));
  expect(server.payloadsOf("send_message")).toMatchObject([{ chatRoomId: room.id, content: "On my way" }]);
});

test("a reply without a window is sent by the next one that opens, in the order of writing", async () => {
  await keepReply({ userId: MAYA.id, roomId: room.id, text: "first" });
  await keepReply({ userId: MAYA.id, roomId: room.id, text: "second" });
  const { server } = openWindow();
  await until(() => expect(server.payloadsOf("send_message")).toHaveLength(2));
  expect(server.payloadsOf("send_message")).toMatchObject([{ content: "first" }, { content: "second" }]);
});

test("a reply is nobody else's to send", async () => {
  await keepReply({ userId: "somebody else", roomId: room.id, text: "not Maya's" });
  const { server, client } = openWindow();
  await isOnline(client);
  await keepReply({ userId: MAYA.id, roomId: room.id, text: "Maya's" });
  await until(() => expect(server.payloadsOf("send_message")).toMatchObject([{ content: "Maya's" }]));
});
