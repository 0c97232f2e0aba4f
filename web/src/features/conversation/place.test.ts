import { describe, expect, it } from "vitest";
import type { ConversationItem } from "../../realtime/types";
import { ana, createItem } from "./item.fixture";
import { countNewer, findSeenSeq, lastRows, type Viewport } from "./place";
import { layOutRows } from "./rows";

function item(seq: number | null, isOwn = false): ConversationItem {
  return isOwn ? createItem(seq, { isOwn, sender: { ...ana, id: "own" }, state: "sent" }) : createItem(seq);
}

/** Rows of 50 px below a margin of 80 px, in a window of 300 px. */
function viewportAt(scrollOffset: number): Viewport {
  return {
    scrollOffset,
    viewportSize: 300,
    findItemIndex: (offset) => Math.max(0, Math.floor((offset - 80) / 50)),
    getItemOffset: (index) => index * 50,
  };
}

const items = Array.from({ length: 20 }, (_, index) => item(index + 1));
const rows = layOutRows({ items, firstUnreadSeq: null, isSomebodyTyping: true, zone: "" });

describe("findSeenSeq", () => {
  it("is the newest message of which enough is on the screen", () => {
    expect(findSeenSeq(viewportAt(0), rows)).toBe(4);
    expect(findSeenSeq(viewportAt(3), rows)).toBe(4);
    expect(findSeenSeq(viewportAt(4), rows)).toBe(5);
  });

  it("passes over rows that are no stored messages", () => {
    expect(findSeenSeq(viewportAt(830), rows)).toBe(20);
    const queued = layOutRows({
      items: [item(1), item(null, true)],
      firstUnreadSeq: null,
      isSomebodyTyping: true,
      zone: "",
    });
    expect(findSeenSeq(viewportAt(0), queued)).toBe(1);
  });

  it("is nothing before anything is measured", () => {
    expect(findSeenSeq({ ...viewportAt(0), viewportSize: 0 }, rows)).toBe(0);
    expect(findSeenSeq(viewportAt(0), [])).toBe(0);
  });
});

describe("countNewer", () => {
  it("counts the messages of others after a position", () => {
    const mixed = [item(1), item(2), item(3, true), item(4), item(null, true)];
    expect(countNewer(mixed, 0)).toBe(3);
    expect(countNewer(mixed, 2)).toBe(1);
    expect(countNewer(mixed, 4)).toBe(0);
  });
});

describe("lastRows", () => {
  it("are two screens of a long list, and all of a short one", () => {
    expect(lastRows(3)).toEqual([0, 1, 2]);
    expect(lastRows(0)).toEqual([]);
    const rows = lastRows(2_000);
    expect([rows[0], rows.at(-1)]).toEqual([1_952, 1_999]);
  });
});
