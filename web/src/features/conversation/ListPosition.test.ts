import { describe, expect, it, vi } from "vitest";
import type { Target } from "../../realtime/types";
import { createItem as item } from "./item.fixture";
import { ListPosition, START_MARGIN_PX, type Anchor, type ListHandle } from "./ListPosition";
import { layOutRows } from "./rows";

const ROW_PX = 50;
const VIEWPORT_PX = 500;
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
  readonly hasNewer?: boolean;
  readonly stretch?: number;
  readonly target?: Target | null;
  readonly firstUnreadSeq?: number | null;
  readonly lastReadSeq?: number;
}

function setUp(first: Shown, anchor: Anchor | null = null) {
  const list = new FakeList();
  const onSeen = vi.fn<(seq: number) => void>();
  const [loadOlder, loadNewer, goToLatest] = [vi.fn(), vi.fn(), vi.fn()];
  const position = new ListPosition({
    onSeen,
    loadOlder,
    loadNewer,
    goToLatest,
    scrollToEnd: () => list.scrollTo(list.end),
    distanceFromEnd: () => list.end - list.scrollOffset,
    height: () => VIEWPORT_PX,
  });
  position.open(anchor);
  list.onScroll = position.scrolled;
  position.attach(list);
  const show = ({ from, to, firstUnreadSeq = null, ...rest }: Shown): void => {
    const items = Array.from({ length: to - from + 1 }, (_, index) => item(from + index));
    const rows = layOutRows({ items, firstUnreadSeq, isSomebodyTyping: false, zone: "" });
    list.rowCount = rows.length;
    const usual = { hasOlder: false, hasNewer: false, stretch: 0, target: null, lastReadSeq: 0 };
    position.update({ rows, firstUnreadSeq, ...usual, ...rest });
    position.settle();
  };
  show(first);
  const place = () => position.place.getSnapshot();
  return { list, position, show, place, onSeen, loadOlder, loadNewer, goToLatest };
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

const leadTo = (seq: number): Target => ({ seq, cameFrom: null, takesFocus: true });

describe("a reader who is led to a message", () => {
  it("has it on the screen, with some of what was said before it", () => {
    const { list, show, place } = setUp({ from: 101, to: 200 });
    show({ from: 101, to: 200, target: leadTo(130) });
    expect(list.scrollOffset).toBe(START_MARGIN_PX + 29 * ROW_PX - 0.3 * VIEWPORT_PX);
    expect(place().isAtEnd).toBe(false);
  });

  it("is led there once, and again when asked again", () => {
    const { list, show } = setUp({ from: 101, to: 200 });
    const target = leadTo(130);
    show({ from: 101, to: 200, target });
    list.scrollTo(2_000);
    show({ from: 101, to: 201, target });
    expect(list.scrollOffset).toBe(2_000);
    show({ from: 101, to: 201, target: leadTo(130) });
    expect(list.scrollOffset).toBeLessThan(2_000);
  });

  it("opens there, not where they were and not at the line of new messages", () => {
    const target = leadTo(130);
    const { list, show } = setUp({ from: 101, to: 200, target, firstUnreadSeq: 190 }, { key: "m180", offset: 20 });
    const { scrollOffset } = list;
    expect(scrollOffset).toBe(START_MARGIN_PX + 29 * ROW_PX - 0.3 * VIEWPORT_PX);
    show({ from: 101, to: 201, target, firstUnreadSeq: 190 });
    expect(list.scrollOffset).toBe(scrollOffset);
  });

  it("stays where they are while more comes below a stretch of the past, which is fetched ahead of them", () => {
    const { list, show, place, loadNewer } = setUp({ from: 901, to: 950 });
    const past = { hasNewer: true, stretch: 1, target: leadTo(125) };
    show({ from: 101, to: 150, ...past });
    expect(loadNewer).toHaveBeenCalled();
    list.scrollTo(list.end);
    expect(place().isAtEnd).toBe(false);
    const { scrollOffset } = list;
    show({ from: 101, to: 200, ...past });
    show({ from: 101, to: 950, ...past, hasNewer: false });
    expect(list.scrollOffset).toBe(scrollOffset);
  });

  it("comes to the end of the present on the way back", () => {
    const { list, position, show, place, goToLatest } = setUp({ from: 901, to: 950 });
    show({ from: 101, to: 300, hasNewer: true, stretch: 1, target: leadTo(125) });
    list.scrollTo(2_500);
    position.goToEnd();
    expect(goToLatest).toHaveBeenCalledOnce();
    show({ from: 901, to: 950, stretch: 2 });
    expect(list.scrollOffset).toBe(list.end);
    expect(place().isAtEnd).toBe(true);
  });
});

describe("what a reader has read who is led past messages", () => {
  const past = { from: 101, to: 400, stretch: 1, hasNewer: true };

  it("stays what it was, wherever they go from there", () => {
    const { list, show, onSeen } = setUp({ from: 901, to: 1_000, lastReadSeq: 50, firstUnreadSeq: 51 });
    onSeen.mockClear();
    show({ ...past, lastReadSeq: 50, target: leadTo(125) });
    for (const offset of [2_000, 500, 5_000]) list.scrollTo(offset);
    expect(onSeen).not.toHaveBeenCalled();
  });

  it("grows again from where they had read to", () => {
    const { list, show, onSeen } = setUp({ from: 901, to: 1_000, lastReadSeq: 150, firstUnreadSeq: 151 });
    onSeen.mockClear();
    show({ ...past, lastReadSeq: 150, target: leadTo(200) });
    expect(onSeen).not.toHaveBeenCalled();
    list.scrollTo(START_MARGIN_PX + 49 * ROW_PX);
    expect(onSeen.mock.lastCall).toEqual([159]);
  });

  it("grows again at the end of the present", () => {
    const { list, show, onSeen } = setUp({ from: 901, to: 1_000, lastReadSeq: 920 });
    onSeen.mockClear();
    show({ from: 901, to: 1_000, lastReadSeq: 920, target: leadTo(950) });
    expect(onSeen).not.toHaveBeenCalled();
    list.scrollTo(list.end);
    expect(onSeen.mock.lastCall).toEqual([1_000]);
  });
});

describe("the day at the top of the screen", () => {
  it("is told of by a message of it, once for all of its messages, and not where its line is on the screen", () => {
    const { list, position, show } = setUp({ from: 1, to: 100 });
    const told = vi.fn();
    position.top.subscribe(told);
    const top = () => position.top.getSnapshot();
    expect(top()?.seq).toBe(91);
    for (const offset of [3_000, 2_000, 1_000]) list.scrollTo(offset);
    expect(told).not.toHaveBeenCalled();
    list.scrollTo(10);
    expect(top()).toBeNull();
    list.scrollTo(START_MARGIN_PX);
    expect(top()?.seq).toBe(1);
    show({ from: 1, to: 3 });
    expect(told).toHaveBeenCalled();
  });

  it("gives way to the line of a day that passes by", () => {
    const { list, position } = setUp({ from: 1, to: 1 });
    const items = Array.from({ length: 100 }, (_, index) => item(index + 1));
    const rows = layOutRows({
      items: [{ ...item(0), createdAt: "2026-03-04T10:00:00.000Z" }, ...items],
      firstUnreadSeq: null,
      isSomebodyTyping: false,
      zone: "",
    });
    list.rowCount = rows.length;
    const usual = { hasOlder: false, hasNewer: false, stretch: 0, target: null, lastReadSeq: 0, firstUnreadSeq: null };
    position.update({ rows, ...usual });
    const topAt = (row: number) => {
      list.scrollTo(START_MARGIN_PX + row * ROW_PX);
      return position.top.getSnapshot()?.seq;
    };
    expect([0, 1, 2].map(topAt)).toEqual([0, undefined, 1]);
  });
});
