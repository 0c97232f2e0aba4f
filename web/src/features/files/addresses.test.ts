// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ChatError, offlineError } from "../../lib/api/chatError";
import { aMessage, anAttachment } from "../../realtime/testing/samples";
import type { Attachment, Message, Server } from "../../realtime/types";
import { Addresses, addressOf, endOf } from "./addresses";

const HOUR_MS = 3_600_000;
const GATHER_MS = 30;
const REST_MS = 20_000;

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 28) }));
afterEach(() => vi.useRealTimers());

const until = (ms: number): string => `until=${Math.floor((Date.now() + ms) / 1000)}`;
const fileOf = (seq: number): Attachment =>
  anAttachment({ id: `file-${seq}`, url: `/f/${seq}?${until(HOUR_MS)}`, previewUrl: `/p/${seq}?${until(HOUR_MS)}` });
const withFile = (seq: number): Message => aMessage(seq, { attachments: [fileOf(seq)] });
const placeOf = (seq: number, roomId = "room") => ({ roomId, messageId: `message-${seq}`, seq });

/** A server that gives a file with an address for an hour to each message, but as `change` says; and what it was asked. */
function aServer(change: (message: Message) => Message | null = (message) => message) {
  const request = vi.fn((_path: string, { query }: { query: { after: number; limit: number } }) => {
    const seqs = Array.from({ length: query.limit }, (_, index) => query.after + 1 + index);
    return Promise.resolve({ data: seqs.map((seq) => change(withFile(seq))).filter((message) => message !== null) });
  });
  return { server: { request } as unknown as Server, request };
}

/** Asks for all of them at once. */
async function renew(addresses: Addresses, ...places: ReturnType<typeof placeOf>[]): Promise<boolean[]> {
  const asked = Promise.all(places.map((place) => addresses.renew(place)));
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  return asked;
}

test("a renewed file has new addresses, of its previews too, for everybody who follows them", async () => {
  const old = fileOf(1);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  const addresses = new Addresses(aServer().server);
  expect(addresses.newest(old)).toBe(old);
  expect(await renew(addresses, placeOf(1))).toEqual([true]);
  const newest = addresses.newest(old);
  for (const variant of ["content", "preview"] as const) {
    expect(endOf(addressOf(newest, variant)!), variant).toBe(Date.now() - GATHER_MS + HOUR_MS);
  }
});

test("what came with a message and holds for longer stays", async () => {
  const addresses = new Addresses(aServer().server);
  await renew(addresses, placeOf(1));
  await vi.advanceTimersByTimeAsync(1_000);
  const later = fileOf(1);
  expect(addresses.newest(later)).toBe(later);
});

test("many of a room are asked for at once, those of another room apart", async () => {
  const { server, request } = aServer();
  const addresses = new Addresses(server);
  const places = [placeOf(7), placeOf(3), placeOf(9), placeOf(3), placeOf(5, "other")];
  expect(await renew(addresses, ...places)).toEqual(Array(5).fill(true));
  expect(request.mock.calls.map(([path, { query }]) => ({ path, ...query }))).toEqual([
    { path: "/api/chat/rooms/room/messages", after: 2, limit: 7 },
    { path: "/api/chat/rooms/other/messages", after: 4, limit: 1 },
  ]);
});

test("a request is for a hundred messages at most, and leaves out what lies between those that are far apart", async () => {
  const { server, request } = aServer();
  await renew(new Addresses(server), placeOf(1), placeOf(100), placeOf(101), placeOf(5_000));
  expect(request.mock.calls.map(([, { query }]) => query)).toEqual([
    { after: 0, limit: 100 },
    { after: 100, limit: 1 },
    { after: 4_999, limit: 1 },
  ]);
});

test("a message is asked for once in a while, however many want it", async () => {
  const { server, request } = aServer();
  const addresses = new Addresses(server);
  for (let count = 0; count < 10; count++) await renew(addresses, placeOf(1));
  expect(request).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(REST_MS);
  await renew(addresses, placeOf(1));
  expect(request).toHaveBeenCalledTimes(2);
});

test("what could not be asked may be asked again at once", async () => {
  const { server, request } = aServer();
  const addresses = new Addresses(server);
  request.mockRejectedValueOnce(offlineError());
  const failed = expect(addresses.renew(placeOf(1))).rejects.toMatchObject({ code: "offline" });
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  await failed;
  expect(await renew(addresses, placeOf(1))).toEqual([true]);
});

test("a file is gone with its message, with its place in the message, and with one's place in the room", async () => {
  const of = (change: (message: Message) => Message | null) => new Addresses(aServer(change).server);
  expect(
    await renew(
      of(() => null),
      placeOf(1),
    ),
  ).toEqual([false]);
  expect(
    await renew(
      of((message) => ({ ...message, deletedAt: message.createdAt })),
      placeOf(1),
    ),
  ).toEqual([false]);
  expect(
    await renew(
      of((message) => ({ ...message, attachments: [] })),
      placeOf(1),
    ),
  ).toEqual([false]);
  const { server, request } = aServer();
  request.mockRejectedValue(new ChatError("access_denied", ""));
  expect(await renew(new Addresses(server), placeOf(1))).toEqual([false]);
});

test("no more than five hundred are kept, the newest", async () => {
  const { server, request } = aServer();
  const addresses = new Addresses(server);
  const places = Array.from({ length: 700 }, (_, index) => placeOf(index + 1));
  await renew(addresses, ...places);
  const kept = addresses.fresh.getSnapshot();
  expect([kept.size, kept.has("file-1"), kept.has("file-700")]).toEqual([500, false, true]);
  // Of those that were asked for first it is not known any more that they were.
  request.mockClear();
  await renew(addresses, placeOf(700), placeOf(1));
  expect(request.mock.calls.map(([, { query }]) => query)).toEqual([{ after: 0, limit: 1 }]);
});
