import { describe, expect, it, vi } from "vitest";
import type { ConversationItem } from "../../realtime/types";
import { ListPosition, START_MARGIN_PX, type Anchor, type ListHandle } from "./ListPosition";
import { layOutRows } from "./rows";

const ROW_PX = 50;
const VIEWPORT_PX = 500;
const ana = { id: "ana", name: "Ana", avatar: null, role: "va" } as const;

function item(seq: number): ConversationItem {
  return {
    key: `m${seq}`,
    seq,
    clientMessageId: null,
    senderId: ana.id,
    sender: ana,
    content: "x",
    type: "text",
    metadata: null,
    createdAt: "2026-03-05T10:00:00.000Z",
    isOwn: false,
    state: null,
    error: null,
  };
}

/** A list of rows of one height, which tells the position of each scroll as the browser would. */
class FakeList implements ListHandle {
  scrollOffset = 0;
  viewportSize = VIEWPORT_PX;
  rowCount = 0;
  onScroll: (offset: number) => void = () => undefined;

  findItemIndex = (offset: number): number => Math.max(0, Math.floor((offset - START_MARGIN_PX) / ROW_PX));
  getItemOffset = (index: number): number => index * ROW_PX;

  scrollToIndex(index: number, { offset = 0 }: { offset?: number }): void {
    this.scrollTo(START_MARGIN_PX + index * ROW_PX + offset);
  }

  scrollTo(offset: number): void {
    this.scrollOffset = Math.max(0, Math.min(offset, this.end));
    this.onScroll(this.scrollOffset);
  }

  get end(): number {
    return Math.max(0, START_MARGIN_PX + this.rowCount * ROW_PX - this.viewportSize);
  }
}

interface Shown {
  readonly from: number;
  readonly to: number;
  readonly hasOlder?: boolean;
  readonly firstUnreadSeq?: number | null;
}

function setUp(first: Shown, anchor: Anchor | null = null) {
  const list = new FakeList();
  const onSeen = vi.fn<(seq: number) => void>();
  const loadOlder = vi.fn();
  const position = new ListPosition({
    onSeen,
    loadOlder,
    scrollToEnd: () => list.scrollTo(list.end),
    distanceFromEnd: () => list.end - list.scrollOffset,
  });
  position.open(anchor);
  list.onScroll = position.scrolled;
  position.attach(list);
  const show = ({ from, to, hasOlder = false, firstUnreadSeq = null }: Shown): void => {
    const items = Array.from({ length: to - from + 1 }, (_, index) => item(from + index));
    const rows = layOutRows({ items, firstUnreadSeq, isSomebodyTyping: false, zone: "" });
    list.rowCount = rows.length;
    position.update({ rows, hasOlder, firstUnreadSeq });
    position.settle();
  };
  show(first);
  const place = () => position.place.getSnapshot();
  return { list, position, show, place, onSeen, loadOlder };
}

describe("ListPosition", () => {
  it("opens at the end, and has seen the newest message", () => {
    const { list, place, onSeen } = setUp({ from: 1, to: 100 });
    expect(list.scrollOffset).toBe(list.end);
    expect(place()).toEqual({ isAtEnd: true, seenSeq: 100 });
    expect(onSeen).toHaveBeenLastCalledWith(100);
  });

  it("opens at the line of new messages, with a little of what was read above it", () => {
    const { list, place } = setUp({ from: 1, to: 100, firstUnreadSeq: 41 });
    expect(list.scrollOffset).toBe(START_MARGIN_PX + 40 * ROW_PX - 72);
    expect(place().isAtEnd).toBe(false);
    expect(place().seenSeq).toBeLessThan(60);
  });

  it("goes to a line of new messages that comes a moment later, unless the reader was faster", () => {
    const late = setUp({ from: 1, to: 100 });
    late.show({ from: 1, to: 140, firstUnreadSeq: 101 });
    expect(late.list.scrollOffset).toBe(START_MARGIN_PX + 100 * ROW_PX - 72);

    const touched = setUp({ from: 1, to: 100 });
    touched.position.touched(false);
    touched.show({ from: 1, to: 140, firstUnreadSeq: 101 });
    expect(touched.list.scrollOffset).toBe(touched.list.end);

    const goingUp = setUp({ from: 1, to: 100 });
    goingUp.position.touched(true);
    goingUp.position.resized();
    goingUp.list.scrollTo(goingUp.list.end - 1000);
    goingUp.position.resized();
    expect(goingUp.list.scrollOffset).toBe(goingUp.list.end - 1000);
  });

  it("fetches the line of new messages when it is not loaded, and has seen nothing before it is there", () => {
    const { list, show, onSeen, loadOlder } = setUp({ from: 51, to: 100, hasOlder: true, firstUnreadSeq: 21 });
    expect(loadOlder).toHaveBeenCalled();
    expect(onSeen).not.toHaveBeenCalled();
    show({ from: 1, to: 100, firstUnreadSeq: 21 });
    expect(list.scrollOffset).toBe(START_MARGIN_PX + 20 * ROW_PX - 72);
    expect(onSeen.mock.lastCall?.[0]).toBeLessThan(40);
  });

  it("opens at the end when the line of new messages is too far away", () => {
    const { place } = setUp({ from: 901, to: 1000, hasOlder: true, firstUnreadSeq: 2 });
    expect(place()).toEqual({ isAtEnd: true, seenSeq: 1000 });
  });

  it("follows what comes in below while the reader is at the end", () => {
    const { list, show, place } = setUp({ from: 1, to: 100 });
    show({ from: 1, to: 103 });
    expect(list.scrollOffset).toBe(list.end);
    expect(place().seenSeq).toBe(103);
  });

  it("stays where the reader is when messages come in below", () => {
    const { list, show, place } = setUp({ from: 1, to: 100 });
    list.scrollTo(2_000);
    show({ from: 1, to: 103 });
    expect(list.scrollOffset).toBe(2_000);
    expect(place()).toEqual({ isAtEnd: false, seenSeq: 100 });
  });

  it("lets go of the end at once when the reader goes up a little, and still follows a new message from there", () => {
    const { list, position, show } = setUp({ from: 1, to: 100 });
    list.scrollTo(list.end - 20);
    const offset = list.scrollOffset;
    position.resized();
    expect(list.scrollOffset).toBe(offset);
    show({ from: 1, to: 101 });
    expect(list.scrollOffset).toBe(list.end);
  });

  it("keeps the end when the keyboard takes room", () => {
    const { list, position } = setUp({ from: 1, to: 100 });
    list.viewportSize = 260;
    position.resized();
    expect(list.scrollOffset).toBe(list.end);
  });

  it("goes back to the end when asked, and follows again", () => {
    const { list, position, show } = setUp({ from: 1, to: 100 });
    list.scrollTo(1_000);
    position.goToEnd();
    expect(list.scrollOffset).toBe(list.end);
    show({ from: 1, to: 101 });
    expect(list.scrollOffset).toBe(list.end);
  });

  it("has older messages fetched well before the start is reached, and only while there are some", () => {
    const { list, show, loadOlder } = setUp({ from: 101, to: 200, hasOlder: true });
    expect(loadOlder).not.toHaveBeenCalled();
    list.scrollTo(1_500);
    expect(loadOlder).toHaveBeenCalled();
    loadOlder.mockClear();
    show({ from: 1, to: 200 });
    list.scrollTo(0);
    expect(loadOlder).not.toHaveBeenCalled();
  });

  it("comes back to where the reader was", () => {
    const before = setUp({ from: 1, to: 100 });
    before.list.scrollTo(1_234);
    const anchor = before.position.findAnchor();
    const after = setUp({ from: 1, to: 120 }, anchor);
    expect(after.list.scrollOffset).toBe(1_234);
    expect(setUp({ from: 1, to: 100 }).position.findAnchor()).toBeNull();
  });

  it("opens anew when it is taken off the page and put back", () => {
    const { list, position, show } = setUp({ from: 1, to: 100, firstUnreadSeq: 41 });
    list.scrollTo(0);
    position.open(null);
    show({ from: 1, to: 100, firstUnreadSeq: 41 });
    expect(list.scrollOffset).toBe(START_MARGIN_PX + 40 * ROW_PX - 72);
  });

  it("opens at the end when the row where the reader was is gone", () => {
    const { list } = setUp({ from: 50, to: 100 }, { key: "m3", offset: 0 });
    expect(list.scrollOffset).toBe(list.end);
  });
});
