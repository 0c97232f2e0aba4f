// @vitest-environment node
import { expect, test, vi } from "vitest";
import type { RestClient, RestRequest } from "../lib/api/restClient";
import { ChatApi } from "./chatApi";
import { aRoom } from "./testing/samples";

test("lists rooms answer by answer, as many as five hundred", async () => {
  const pages = Array.from({ length: 4 }, (_, page) =>
    Array.from({ length: 200 }, (__, index) => aRoom({ id: `room-${page * 200 + index}` })),
  );
  const request = vi.fn((_path: string, { query }: RestRequest = {}) => {
    const page = Number(query?.cursor ?? 0);
    return Promise.resolve({ data: pages[page], nextCursor: page < 3 ? String(page + 1) : null });
  });
  const rooms = await new ChatApi({ request } as unknown as RestClient).listRooms();
  expect(rooms.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, index) => `room-${index}`));
  expect(request).toHaveBeenCalledTimes(3);
});
