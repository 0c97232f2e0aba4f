import { describe, expect, it } from "vitest";

import type { ConversationItem, ConversationState } from "../../realtime/types";
import { Arrivals } from "./arrivals";

type Seen = Parameters<Arrivals["take"]>[0];

const item = (seq: number | null, isOwn = false): ConversationItem => ({ seq, isOwn }) as ConversationItem;
const upTo = (seq: number): ConversationItem[] => Array.from({ length: seq }, (_, index) => item(index + 1));

function seen(items: readonly ConversationItem[], lastReadSeq: number, change: Partial<Seen> = {}): Seen {
  const room = { lastReadSeq } as ConversationState["room"];
  return { phase: "ready", items, room, isCurrent: true, hasNewer: false, ...change };
}

function told(...states: readonly Seen[]): (number | null)[][] {
  const arrivals = new Arrivals();
  return states.map((state) => arrivals.take(state).map(({ seq }) => seq));
}

const nothing = { phase: "loading", isCurrent: false } as const;

describe("what has arrived", () => {
  it("is never the history, whether it comes from the server or from the device first", () => {
    expect(told(seen([], 11, nothing), seen(upTo(11), 11, { isCurrent: false }), seen(upTo(11), 11))).toEqual([
      [],
      [],
      [],
    ]);
    expect(told(seen(upTo(5), 5, { isCurrent: false }), seen(upTo(5), 5))).toEqual([[], []]);
  });

  it("is not what was unread before the conversation was opened: the line says where that begins", () => {
    expect(told(seen([], 8, nothing), seen(upTo(11), 8))).toEqual([[], []]);
  });

  it("is each message that comes live, and none of one's own", () => {
    expect(told(seen(upTo(2), 2), seen(upTo(3), 2), seen([...upTo(3), item(4, true)], 3))).toEqual([[], [3], []]);
  });

  it("is the first message ever of an empty conversation", () => {
    expect(told(seen([], 0, nothing), seen([], 0), seen(upTo(1), 0))).toEqual([[], [], [1]]);
  });

  it("is what came while there was no connection, as far as it was not read elsewhere, once that is known", () => {
    const away = { isCurrent: false };
    // The history comes before the server's word on how far was read.
    expect(told(seen(upTo(5), 5, away), seen(upTo(16), 5, away), seen(upTo(16), 16))).toEqual([[], [], []]);
    expect(told(seen(upTo(5), 5), seen(upTo(8), 5, away), seen(upTo(8), 6))).toEqual([[], [], [7, 8]]);
  });

  it("is nothing that waits to be sent", () => {
    expect(told(seen([item(null, true)], 0, nothing), seen([...upTo(4), item(null, true)], 4))).toEqual([[], []]);
  });

  it("is told when somebody comes back from the past, and never the past itself", () => {
    const past = { hasNewer: true };
    expect(told(seen(upTo(5), 5), seen(upTo(2), 5, past), seen(upTo(3), 5, past), seen(upTo(7), 5))).toEqual([
      [],
      [],
      [],
      [6, 7],
    ]);
  });
});
