// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import type { FoundMessage, FoundPage, MessageQuery } from "../../realtime/types";
import { MessageSearch } from "./messageSearch";

const ask = vi.fn<(query: MessageQuery, cursor: string | null, signal: AbortSignal) => Promise<FoundPage>>();
let search: MessageSearch;

const found = (...seqs: readonly number[]): FoundMessage[] =>
  seqs.map((seq) => ({ message: { seq }, room: { id: "room" }, highlights: [] }) as unknown as FoundMessage);
const run = (from: number, to: number) => found(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
const page = (messages: FoundMessage[], nextCursor: string | null = null): FoundPage => ({
  found: messages,
  nextCursor,
});
const state = () => search.state.getSnapshot();
const seqs = () => state().found.map(({ message }) => message.seq);
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  ask.mockReset();
  search = new MessageSearch(ask);
});
afterEach(() => {
  search.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("the search for messages", () => {
  it("asks when somebody has stopped typing for a moment, and shows what is found", async () => {
    ask.mockResolvedValue(page(found(7, 3)));
    for (const text of ["i", "in", "inv "]) search.look({ text });
    expect(state()).toMatchObject({ phase: "searching", query: { text: "inv" } });
    await wait(200);
    expect(ask.mock.calls.map(([query]) => query)).toEqual([{ text: "inv" }]);
    expect([state().phase, seqs(), state().hasMore]).toEqual(["ready", [7, 3], false]);
  });

  it("ends the request of a question that is not asked any more, and never shows its answer", async () => {
    let answer: (page: FoundPage) => void = () => undefined;
    ask.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    search.look({ text: "old" });
    await wait(200);
    ask.mockResolvedValueOnce(page(found(2)));
    search.look({ text: "new" });
    expect(ask.mock.calls[0]?.[2].aborted).toBe(true);
    await wait(200);
    answer(page(found(1)));
    await wait(0);
    expect(seqs()).toEqual([2]);
  });

  it("keeps what was found while the next answer is on its way, and nothing when there is no question", async () => {
    ask.mockResolvedValueOnce(page(found(1)));
    search.look({ text: "one" });
    await wait(200);
    ask.mockReturnValueOnce(new Promise(() => undefined));
    search.look({ text: "one two" });
    await wait(200);
    expect([state().phase, seqs(), state().isSlow]).toEqual(["searching", [1], false]);
    await wait(3_000);
    expect(state().isSlow).toBe(true);
    search.look({ text: "  " });
    expect(state()).toMatchObject({ phase: "idle", query: null, found: [] });
  });

  it("asks for no more than the server takes, and only when the question is another one", async () => {
    ask.mockResolvedValue(page([]));
    search.look({ text: "😀".repeat(201), has: "link" });
    await wait(200);
    search.look({ text: "😀".repeat(202), has: "link" });
    await wait(200);
    expect(ask.mock.calls.map(([query]) => query)).toEqual([{ text: "😀".repeat(200), has: "link" }]);
  });

  it("reads on while pages hold little, and further when it is asked to", async () => {
    ask.mockResolvedValueOnce(page(found(90), "a"));
    ask.mockResolvedValueOnce(page([], "b"));
    ask.mockResolvedValueOnce(page(run(60, 79), "c"));
    search.look({ text: "word" });
    await wait(200);
    expect([seqs().length, state().hasMore]).toEqual([21, true]);
    ask.mockResolvedValueOnce(page(found(5)));
    await Promise.all([search.loadMore(), search.loadMore()]);
    expect(ask.mock.calls.map(([, cursor]) => cursor)).toEqual([null, "a", "b", "c"]);
    expect([seqs().length, seqs().at(-1), state().hasMore]).toEqual([22, 5, false]);
  });

  it("tries again what may pass, then says so, and asks once more when it is told to", async () => {
    ask.mockRejectedValue(new ChatError("rate_limited", ""));
    search.look({ text: "word" });
    await wait(2_200);
    expect(ask).toHaveBeenCalledTimes(3);
    expect(state()).toMatchObject({ phase: "failed", error: { code: "rate_limited" } });
    ask.mockResolvedValue(page(found(1)));
    search.retry();
    await wait(0);
    expect([state().phase, state().error, seqs()]).toEqual(["ready", null, [1]]);
  });

  it("does not try again what is refused for good", async () => {
    ask.mockRejectedValue(new ChatError("access_denied", ""));
    search.look({ text: "word", roomId: "left" });
    await wait(200);
    expect([ask.mock.calls.length, state().phase]).toEqual([1, "failed"]);
  });

  it("keeps what was found when more cannot be had", async () => {
    ask.mockResolvedValueOnce(page(run(1, 20), "a"));
    search.look({ text: "word" });
    await wait(200);
    ask.mockRejectedValueOnce(new ChatError("bad_request", ""));
    await search.loadMore();
    expect(state()).toMatchObject({
      phase: "ready",
      hasMore: true,
      isLoadingMore: false,
      error: { code: "bad_request" },
    });
    expect(seqs()).toHaveLength(20);
  });
});
