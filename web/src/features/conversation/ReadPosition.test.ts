import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ReadPosition } from "./ReadPosition";

let hasFocus = true;
/** Messages after this one are covered. */
let uncovered = Infinity;
const markRead = vi.fn<(seq: number) => void>();

beforeEach(() => {
  hasFocus = true;
  uncovered = Infinity;
  markRead.mockReset();
  vi.useFakeTimers();
  vi.spyOn(document, "hasFocus").mockImplementation(() => hasFocus);
});

afterEach(() => {
  vi.useRealTimers();
});

function seeAndWait(position: ReadPosition, ...seqs: readonly number[]): void {
  for (const seq of seqs) position.see(seq);
  vi.advanceTimersByTime(1_000);
}

it("sends the newest of what was seen, once", () => {
  const position = new ReadPosition({ markRead }, (seq) => Math.min(seq, uncovered));
  seeAndWait(position, 3, 5, 4, 5);
  seeAndWait(position, 5, 2);
  expect(markRead.mock.calls).toEqual([[5]]);
  seeAndWait(position, 6);
  expect(markRead).toHaveBeenLastCalledWith(6);
});

it("sends nothing while the window has no focus, and does when that is back", () => {
  const position = new ReadPosition({ markRead }, (seq) => Math.min(seq, uncovered));
  hasFocus = false;
  seeAndWait(position, 7);
  expect(markRead).not.toHaveBeenCalled();
  hasFocus = true;
  seeAndWait(position, 7);
  expect(markRead.mock.calls).toEqual([[7]]);
});

it("does not count what was on the screen when the focus went before the list came to rest", () => {
  const position = new ReadPosition({ markRead }, (seq) => Math.min(seq, uncovered));
  position.see(7);
  hasFocus = false;
  vi.advanceTimersByTime(1_000);
  expect(markRead).not.toHaveBeenCalled();
  hasFocus = true;
  seeAndWait(position, 7);
  expect(markRead.mock.calls).toEqual([[7]]);
});

it("sends nothing after it was stopped", () => {
  const position = new ReadPosition({ markRead }, (seq) => Math.min(seq, uncovered));
  position.see(7);
  position.stop();
  vi.advanceTimersByTime(1_000);
  expect(markRead).not.toHaveBeenCalled();
});

it("sends nothing of what something lies over, and all of it soon after that has gone", () => {
  const position = new ReadPosition({ markRead }, (seq) => Math.min(seq, uncovered));
  uncovered = 4;
  seeAndWait(position, 7);
  expect(markRead.mock.calls).toEqual([[4]]);
  vi.advanceTimersByTime(60_000);
  expect(markRead.mock.calls).toEqual([[4]]);
  uncovered = Infinity;
  vi.advanceTimersByTime(500);
  expect(markRead.mock.calls).toEqual([[4], [7]]);
  expect(vi.getTimerCount()).toBe(0);
});

it("looks no more for what is covered once the focus has gone", () => {
  const position = new ReadPosition({ markRead }, () => 0);
  seeAndWait(position, 7);
  hasFocus = false;
  vi.advanceTimersByTime(500);
  expect(vi.getTimerCount()).toBe(0);
});
