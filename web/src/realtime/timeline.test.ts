// @vitest-environment node
import { describe, expect, test } from "vitest";
import { absorb, EMPTY_TIMELINE, hasGap, lastWholeSeq, prepend, receive, replace, type Timeline } from "./timeline";
import { aMessage, aRun } from "./testing/samples";

function seqsOf(timeline: Timeline): number[] {
  return timeline.messages.map((message) => message.seq);
}

describe("a timeline", () => {
  test("takes messages in any order, each once, and shows them without a gap", () => {
    const arriving = [3, 1, 5, 2, 2, 5, 4, 1].map((seq) => aMessage(seq));
    expect(seqsOf(arriving.reduce(receive, EMPTY_TIMELINE))).toEqual([1, 2, 3, 4, 5]);
  });

  test("keeps what arrived beyond a gap until the gap is filled", () => {
    const gaping = receive(absorb(EMPTY_TIMELINE, aRun(1, 3)), aMessage(6));
    expect(seqsOf(gaping)).toEqual([1, 2, 3]);
    expect(hasGap(gaping, 0)).toBe(true);
    const whole = absorb(gaping, aRun(4, 5));
    expect(seqsOf(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(hasGap(whole, 6)).toBe(false);
  });

  test("knows of a gap when the room is said to go on further", () => {
    expect(hasGap(absorb(EMPTY_TIMELINE, aRun(1, 3)), 4)).toBe(true);
  });

  test("stays the same object when a run brings nothing new", () => {
    const timeline = absorb(EMPTY_TIMELINE, aRun(1, 5));
    expect(absorb(timeline, aRun(2, 5))).toBe(timeline);
    expect(receive(timeline, aMessage(4))).toBe(timeline);
  });

  test("begins anew with a run that does not join it", () => {
    expect(seqsOf(absorb(absorb(EMPTY_TIMELINE, aRun(1, 3)), aRun(700, 702)))).toEqual([700, 701, 702]);
  });

  test("keeps live messages that came after the run that replaces it", () => {
    const live = receive(absorb(EMPTY_TIMELINE, aRun(1, 3)), aMessage(11));
    expect(seqsOf(replace(live, aRun(9, 10)))).toEqual([9, 10, 11]);
  });

  test("forgets messages that the server never had when it is replaced by fewer", () => {
    expect(lastWholeSeq(replace(absorb(EMPTY_TIMELINE, aRun(1, 9)), aRun(1, 4)))).toBe(4);
  });

  test("takes a page in front, and leaves out one that does not join it", () => {
    const timeline = absorb(EMPTY_TIMELINE, aRun(51, 60));
    expect(seqsOf(prepend(timeline, aRun(1, 50)))).toHaveLength(60);
    expect(prepend(timeline, aRun(1, 49))).toBe(timeline);
  });
});
