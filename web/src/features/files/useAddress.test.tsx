import { act } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { offlineError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import { ViewBench } from "../../lib/viewBench.fixture";
import { aMessage, anAttachment } from "../../realtime/testing/samples";
import type { Attachment, ChatClient } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { endOf } from "./addresses";
import { useNewest } from "./useAddress";
import { usePlace } from "./useSources";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const GATHER_MS = 30;

const fileOf = (seq: number, lastsMs = HOUR_MS): Attachment => {
  const ending = `until=${Math.floor((Date.now() + lastsMs) / 1000)}`;
  return anAttachment({ id: `file-${seq}`, url: `/f/${seq}?${ending}`, previewUrl: `/p/${seq}?${ending}` });
};
const view = new ViewBench();
const request = vi.fn((_path: string, { query }: { query: { after: number; limit: number } }) => {
  const seqs = Array.from({ length: query.limit }, (_, index) => query.after + 1 + index);
  return Promise.resolve({ data: seqs.map((seq) => aMessage(seq, { attachments: [fileOf(seq)] })) });
});
const shown = new Map<string, Attachment>();
let client: ChatClient;

function Shown({ seq, file }: { readonly seq: number; readonly file: Attachment }) {
  const newest = useNewest(usePlace("room", { id: `message-${seq}`, seq }), file);
  shown.set(file.id, newest);
  return null;
}

/** On the screen from now on, and nothing else. */
const show = (...files: readonly { readonly seq: number; readonly file: Attachment }[]): void =>
  view.show(
    <ChatClientProvider client={client}>
      {files.map(({ seq, file }) => (
        <Shown key={file.id} seq={seq} file={file} />
      ))}
    </ChatClientProvider>,
  );
const pass = (ms: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(ms));
const previewEndOf = (seq: number): number => endOf(shown.get(`file-${seq}`)!.previewUrl!)!;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 28) });
  request.mockReset();
  shown.clear();
  client = { connection: new WritableStore({ phase: "online" }), server: { request } } as unknown as ChatClient;
});

afterEach(() => {
  view.leave();
  vi.useRealTimers();
});

test("what is on the screen has a new address two minutes before the one that it has ends, and again after that", async () => {
  show({ seq: 1, file: fileOf(1) });
  const first = previewEndOf(1);
  await pass(58 * MINUTE_MS - 1);
  expect([request.mock.calls.length, previewEndOf(1)]).toEqual([0, first]);
  await pass(1 + GATHER_MS);
  expect([request.mock.calls.length, previewEndOf(1)]).toEqual([1, first + 58 * MINUTE_MS]);
  await pass(58 * MINUTE_MS + GATHER_MS);
  expect([request.mock.calls.length, previewEndOf(1)]).toEqual([2, first + 2 * 58 * MINUTE_MS]);
});

test("many on the screen are renewed by one request", async () => {
  show(...Array.from({ length: 40 }, (_, index) => ({ seq: index + 1, file: fileOf(index + 1) })));
  await pass(58 * MINUTE_MS + GATHER_MS);
  expect(request).toHaveBeenCalledOnce();
  const ends = [...shown.keys()].map((id) => endOf(shown.get(id)!.previewUrl!));
  expect(new Set(ends)).toEqual(new Set([Date.now() - GATHER_MS + HOUR_MS]));
});

test("an address that has ended already is renewed at once", async () => {
  show({ seq: 1, file: fileOf(1, -HOUR_MS) });
  await pass(GATHER_MS);
  expect(previewEndOf(1)).toBeGreaterThan(Date.now());
});

test("where none can be had, it is asked for each minute until it can", async () => {
  request.mockRejectedValueOnce(offlineError()).mockRejectedValueOnce(offlineError());
  show({ seq: 1, file: fileOf(1) });
  await pass(58 * MINUTE_MS + GATHER_MS);
  expect(request).toHaveBeenCalledTimes(1);
  await pass(MINUTE_MS + GATHER_MS);
  await pass(MINUTE_MS + GATHER_MS);
  expect([request.mock.calls.length, previewEndOf(1) > Date.now()]).toEqual([3, true]);
});

test("a file whose message is gone is not asked for again", async () => {
  request.mockResolvedValue({ data: [] });
  show({ seq: 1, file: fileOf(1) });
  await pass(10 * HOUR_MS);
  expect(request).toHaveBeenCalledOnce();
});

test("what is on the screen no more, and what has no end, is not renewed", async () => {
  show({ seq: 1, file: fileOf(1) }, { seq: 2, file: anAttachment() });
  show({ seq: 2, file: anAttachment() });
  await pass(10 * HOUR_MS);
  expect(request).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
