// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { offlineError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import type { ChatApi } from "./chatApi";
import { Conversations } from "./conversations";
import { Device } from "./device";
import { EventListeners } from "./eventListeners";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { PositionSender } from "./positionSender";
import { RoomsModel } from "./rooms";
import { anOutbox } from "./testing/anOutbox";
import { aRoom, MAYA } from "./testing/samples";
import { TypingWatch } from "./typingWatch";

let device: Device;
let isConnected: boolean;
const request = vi.fn<(event: string, payload: unknown) => Promise<unknown>>();
const closing: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  device = new Device(new MemoryDatabase());
  isConnected = false;
  request.mockReset().mockImplementation(() => (isConnected ? Promise.resolve({}) : Promise.reject(offlineError())));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.useRealTimers();
});

/** A page of the app, as far as it has to do with reading. */
function openPage() {
  const api = {
    listRooms: () => Promise.resolve({ rooms: [aRoom({ lastSeq: 9, unreadCount: 9 })], nextCursor: null }),
  } as unknown as ChatApi;
  const typing = new TypingWatch();
  const outbox = anOutbox({ isConnected: () => false, request, onStored: () => undefined });
  const rooms = new RoomsModel(api, typing, outbox.actions, () => MAYA.id);
  const conversations = new Conversations(
    {
      me: new WritableStore(MAYA),
      api,
      rooms,
      outbox,
      typing,
      delivered: new PositionSender({ event: "mark_delivered", request }),
      recent: new Map(),
      areRoomsFresh: () => false,
      isConnected: () => isConnected,
      isHopeless: () => !isConnected,
      request: <T>(event: string, payload: unknown) => request(event, payload) as Promise<T>,
      tell: () => undefined,
      markRead: (roomId, seq) => rooms.markRead(roomId, seq),
      readKept: () => Promise.resolve(undefined),
      listKept: () => Promise.resolve([]),
      keep: () => undefined,
      forget: () => undefined,
    },
    new EventListeners(),
  );
  closing.push(() => [conversations, rooms].forEach((part) => part.close()));
  return { rooms, conversations };
}

const told = () => request.mock.calls.filter(([event]) => event === "mark_read").map(([, payload]) => payload);

describe("what an earlier page has read without a network", () => {
  beforeEach(async () => {
    const before = openPage();
    await before.rooms.load();
    await before.rooms.attach(device);
    for (const seq of [4, 6, 9]) before.conversations.open("room").markRead(seq);
  });

  test("is told with the next connection: the highest of each room, once", async () => {
    const { rooms, conversations } = openPage();
    await rooms.attach(device);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told()).toEqual([]);
    isConnected = true;
    await conversations.rejoin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told()).toEqual([{ chatRoomId: "room", seq: 9 }]);
  });

  test("is told also if the connection is there before the device is known", async () => {
    const { rooms, conversations } = openPage();
    isConnected = true;
    await conversations.rejoin();
    await rooms.load();
    await rooms.attach(device);
    expect(told()).toEqual([{ chatRoomId: "room", seq: 9 }]);
  });

  test("is not told when the server knows it by then", async () => {
    const { rooms, conversations } = openPage();
    await rooms.attach(device);
    rooms.put(aRoom({ lastSeq: 9, lastReadSeq: 9 }));
    isConnected = true;
    await conversations.rejoin();
    expect(told()).toEqual([]);
  });
});
