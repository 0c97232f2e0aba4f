// @vitest-environment node
import { describe, expect, test } from "vitest";
import {
  absorb,
  append,
  catchUp,
  EMPTY_TIMELINE,
  goBack,
  hasGap,
  hearChange,
  lastWholeSeq,
  prepend,
  receive,
  replace,
  returnToPresent,
  shownRun,
  type Timeline,
} from "./timeline";
import { asQuote } from "./quotes";
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
    expect(hasGap(gaping, 0, 0)).toBe(true);
    const whole = absorb(gaping, aRun(4, 5));
    expect(seqsOf(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(hasGap(whole, 6, 0)).toBe(false);
  });

  test("knows of a gap when the room is said to go on further", () => {
    expect(hasGap(absorb(EMPTY_TIMELINE, aRun(1, 3)), 4, 0)).toBe(true);
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

describe("what becomes of messages", () => {
  const edited = (seq: number, change: number) => aMessage(seq, { change, content: `change ${change}` });
  const contentsOf = (timeline: Timeline) => timeline.messages.map(({ content }) => content);

  test("is there at once, in their place, and never goes back", () => {
    const timeline = absorb(EMPTY_TIMELINE, aRun(1, 3));
    const later = hearChange(timeline, 2, edited(2, 2));
    expect(contentsOf(later)).toEqual(["text 1", "change 2", "text 3"]);
    expect(hearChange(later, 1, edited(2, 1)).messages).toBe(later.messages);
    expect(contentsOf(receive(later, edited(2, 3)))).toEqual(["text 1", "change 3", "text 3"]);
    expect(contentsOf(absorb(later, [edited(2, 1), aMessage(3), aMessage(4)]))).toEqual([
      "text 1",
      "change 2",
      "text 3",
      "text 4",
    ]);
  });

  test("is missing where a change does not follow the last, and whole when the server has told all", () => {
    const timeline = hearChange(absorb(EMPTY_TIMELINE, aRun(1, 3)), 1, edited(1, 1));
    expect([timeline.lastChange, hasGap(timeline, 3, 1)]).toEqual([1, false]);
    const gaping = hearChange(timeline, 3, edited(3, 3));
    expect([gaping.lastChange, hasGap(gaping, 3, 0)]).toEqual([1, true]);
    const whole = catchUp(gaping, [edited(2, 2), edited(3, 3)], 3);
    expect([contentsOf(whole), hasGap(whole, 3, 3)]).toEqual([["change 1", "change 2", "change 3"], false]);
    expect(hasGap(whole, 3, 4)).toBe(true);
  });

  test("is known of a message that came ahead when the gap before it is filled by what was read earlier", () => {
    const ahead = hearChange(receive(absorb(EMPTY_TIMELINE, aRun(1, 2)), aMessage(5)), 1, edited(5, 1));
    expect(contentsOf(absorb(ahead, aRun(3, 5))).at(-1)).toBe("change 1");
  });

  test("is said by quotes of it, also where it is not here itself, and what is deleted stays so", () => {
    const quoted = aMessage(1);
    const answer = aMessage(3, { replyTo: asQuote(quoted) });
    const timeline = absorb(EMPTY_TIMELINE, [aMessage(2), answer]);
    const now = hearChange(timeline, 1, edited(1, 1));
    expect(now.messages[1]?.replyTo).toMatchObject({ seq: 1, content: "change 1" });
    const deleted = hearChange(now, 2, aMessage(1, { change: 2, content: "gone", deletedAt: "2026-01-02" }));
    expect(deleted.messages[1]?.replyTo).toMatchObject({ content: "gone", deletedAt: "2026-01-02" });
    expect(hearChange(deleted, 3, edited(1, 3)).messages).toBe(deleted.messages);
  });
});
