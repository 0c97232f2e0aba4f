import { expect, test } from "vitest";
import type { Server } from "../../realtime/types";
import { aMessage, anAttachment } from "../../realtime/testing/samples";
import { RoomFiles, type RoomFile } from "./roomFiles";

/** A server that has these files of each kind, by the seqs of their messages, and gives two of them at a time. */
function aServer(seqs: Readonly<Record<string, readonly number[]>>): Server {
  const request = (_: string, { query }: { query: { kind: string; cursor?: string } }) => {
    const all = seqs[query.kind] ?? [];
    const start = Number(query.cursor ?? 0);
    const data = all.slice(start, start + 2).map((seq) => ({ message: aMessage(seq), attachment: anAttachment() }));
    return Promise.resolve({ data, nextCursor: start + 2 < all.length ? String(start + 2) : null });
  };
  return { request } as unknown as Server;
}

const seqsOf = (files: readonly RoomFile[]) => files.map(({ message }) => message.seq);
const { signal } = new AbortController();

test("files of several kinds are one list, the newest first", async () => {
  const files = new RoomFiles(aServer({ image: [9, 5, 4, 1], video: [8, 7, 6] }), "room", ["image", "video"]);
  expect(seqsOf(await files.next(signal))).toEqual([9, 8, 7, 6, 5, 4, 1]);
  expect(files.hasMore).toBe(false);
});

test("a long list comes in pages, and leaves none out", async () => {
  const many = Array.from({ length: 35 }, (_, index) => 100 - index);
  const files = new RoomFiles(aServer({ pdf: many, file: [99] }), "room", ["pdf", "file"]);
  const first = await files.next(signal);
  expect(first).toHaveLength(30);
  expect(files.hasMore).toBe(true);
  const second = await files.next(signal);
  expect(seqsOf([...first, ...second]).sort((a, b) => b - a)).toEqual([...many, 99].sort((a, b) => b - a));
  expect(files.hasMore).toBe(false);
});

test("a room without files has an empty list", async () => {
  expect(await new RoomFiles(aServer({}), "room", ["voice"]).next(signal)).toEqual([]);
});
