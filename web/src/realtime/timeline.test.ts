// @vitest-environment node
import { describe, expect, test } from "vitest";
import {
  absorb,
  append,
  EMPTY_TIMELINE,
  goBack,
  hasGap,
  lastWholeSeq,
  prepend,
  receive,
  replace,
  returnToPresent,
  shownRun,
  type Timeline,
} from "./timeline";
import { aMessage, aRun } from "./testing/samples";

function seqsOf(timeline: Timeline): number[] {
  return shownRun(timeline).map((message) => message.seq);
}

function span(timeline: Timeline): [number | undefined, number | undefined] {
  return [seqsOf(timeline)[0], seqsOf(timeline).at(-1)];
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

describe("a stretch of the past", () => {
  const present = absorb(EMPTY_TIMELINE, aRun(901, 950));
  const past = goBack(present, aRun(101, 150));

  test("is shown instead of the present, and grows at both of its ends", () => {
    expect(span(past)).toEqual([101, 150]);
    expect(span(append(prepend(past, aRun(51, 100)), aRun(151, 200)))).toEqual([51, 200]);
    expect(prepend(past, aRun(40, 99))).toBe(past);
    expect(append(past, aRun(152, 200))).toBe(past);
  });

  test("never has in it what arrives meanwhile, which is there when the present is shown again", () => {
    const later = absorb(receive(past, aMessage(951)), aRun(940, 953));
    expect(span(later)).toEqual([101, 150]);
    expect(span(returnToPresent(later))).toEqual([901, 953]);
  });

  test("becomes the front of the present when no message is between them", () => {
    const joined = append(goBack(present, aRun(801, 850)), aRun(851, 900));
    expect([joined.past, ...span(joined)]).toEqual([null, 801, 950]);
    expect(seqsOf(joined)).toHaveLength(150);
    expect(lastWholeSeq(receive(joined, aMessage(951)))).toBe(951);
  });

  test("is part of the present from the beginning when it overlaps it", () => {
    const overlapping = goBack(present, aRun(880, 929));
    expect([overlapping.past, ...span(overlapping)]).toEqual([null, 880, 950]);
    expect(seqsOf(overlapping)).toHaveLength(71);
  });

  test("waits for the present when it was shown first", () => {
    const first = goBack(EMPTY_TIMELINE, aRun(101, 150));
    expect(span(absorb(first, aRun(901, 950)))).toEqual([101, 150]);
    expect(span(absorb(first, aRun(120, 170)))).toEqual([101, 170]);
  });

  test("is forgotten with everything else when the server says so", () => {
    expect(span(replace(past, aRun(960, 970)))).toEqual([960, 970]);
  });
});
