// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError, offlineError } from "../lib/api/chatError";
import { PositionSender } from "./positionSender";

const request = vi.fn<(event: string, payload: unknown) => Promise<unknown>>();
let sender: PositionSender;
const toldSeqs = () => request.mock.calls.map(([, payload]) => (payload as { seq: number }).seq);

beforeEach(() => {
  vi.useFakeTimers();
  request.mockReset().mockResolvedValue({});
  sender = new PositionSender({ event: "mark_read", request });
});
afterEach(() => {
  sender.close();
  vi.useRealTimers();
});

describe("a read position", () => {
  test("is told at once, and those that follow at most four times a second", async () => {
    for (let seq = 1; seq <= 50; seq++) {
      sender.mark("room", seq);
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(toldSeqs().length).toBeLessThanOrEqual(6);
    expect(toldSeqs()[0]).toBe(1);
    expect(toldSeqs().at(-1)).toBe(50);
  });

  test("never goes back", async () => {
    sender.mark("room", 5);
    sender.mark("room", 3);
    sender.learn("room", 9);
    sender.mark("room", 8);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(toldSeqs()).toEqual([5]);
  });

  test("is told again when it could not be told", async () => {
    request.mockRejectedValueOnce(offlineError());
    sender.mark("room", 5);
    await vi.advanceTimersByTimeAsync(300);
    expect(toldSeqs()).toEqual([5]);
    sender.resume();
    expect(toldSeqs()).toEqual([5, 5]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(toldSeqs()).toEqual([5, 5]);
  });

  test("that could not be told is told all the same when the list that shows it speaks of it", async () => {
    request.mockRejectedValueOnce(offlineError());
    sender.mark("room", 5);
    await vi.advanceTimersByTimeAsync(300);
    sender.learn("room", 5);
    sender.mark("room", 5);
    sender.resume();
    expect(toldSeqs()).toEqual([5, 5]);
  });

  test("waits as long as the server asks, and is dropped when the room is closed to us", async () => {
    request.mockRejectedValueOnce(new ChatError("rate_limited", "", 2_000));
    sender.mark("room", 5);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(toldSeqs()).toEqual([5]);
    request.mockRejectedValueOnce(new ChatError("access_denied", ""));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(toldSeqs()).toEqual([5, 5]);
  });
});

test("a delivery that reading has told already is not told", async () => {
  const delivered = new PositionSender({
    event: "mark_delivered",
    request,
    delayMs: 100,
    isKnown: (_room, seq) => seq <= 4,
  });
  delivered.mark("room", 4);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(request).not.toHaveBeenCalled();
  delivered.mark("room", 5);
  await vi.advanceTimersByTimeAsync(100);
  expect(toldSeqs()).toEqual([5]);
  delivered.close();
});
