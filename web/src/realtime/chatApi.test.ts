// @vitest-environment node
import { expect, test, vi } from "vitest";
import type { RestClient, RestRequest } from "../lib/api/restClient";
import { ChatApi, type RoomPage } from "./chatApi";
import { aRoom } from "./testing/samples";

test("lists rooms answer by answer: five hundred, more where more are wanted, and the older ones from there on", async () => {
  const pages = Array.from({ length: 4 }, (_, page) =>
    Array.from({ length: 200 }, (__, index) => aRoom({ id: `room-${page * 200 + index}` })),
  );
  const request = vi.fn((_path: string, { query }: RestRequest = {}) => {
    const page = Number(query?.cursor ?? 0);
    return Promise.resolve({ data: pages[page], nextCursor: page < 3 ? String(page + 1) : null });
  });
  const api = new ChatApi({ request } as unknown as RestClient);
  const idsOf = ({ rooms }: RoomPage): string[] => rooms.map(({ id }) => id);
  const ids = (first: number, end: number): string[] =>
    Array.from({ length: end - first }, (_, index) => `room-${first + index}`);
  const newest = await api.listRooms();
  expect(idsOf(newest)).toEqual(ids(0, 600));
  expect(newest.nextCursor).toBe("3");
  expect(request).toHaveBeenCalledTimes(3);
  const all = await api.listRooms({ count: 700 });
  expect(idsOf(all)).toEqual(ids(0, 800));
  expect(all.nextCursor).toBeNull();
  expect(await api.listRooms({ from: newest.nextCursor })).toEqual({ rooms: pages[3], nextCursor: null });
});
