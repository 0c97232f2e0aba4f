import { describe, expect, it } from "vitest";
import type { ConversationItem } from "../../realtime/types";
import { createItem } from "./item.fixture";
import { arePrepended, layOutRows, type Layout, type Row } from "./rows";

const bo = { id: "bo", name: "Bo", avatar: null, role: "company" } as const;

function item(seq: number, change: Partial<ConversationItem> & { readonly at?: Date } = {}): ConversationItem {
  const { at = new Date(2026, 2, 5, 10, seq), ...rest } = change;
  return createItem(seq, { content: `Message ${seq}`, createdAt: at.toISOString(), ...rest });
}

/** Rows as words: `[m1` starts a group, `m1]` ends one. */
function show(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    row.kind === "message" ? `${row.startsGroup ? "[" : ""}${row.key}${row.endsGroup ? "]" : ""}` : row.key,
  );
}

const rowsOf = (items: readonly ConversationItem[], change: Partial<Layout> = {}) =>
  layOutRows({ items, firstUnreadSeq: null, isSomebodyTyping: false, zone: "", ...change });

describe("layOutRows", () => {
  it("lays out nothing as nothing", () => {
    expect(rowsOf([])).toEqual([]);
  });

  it("groups messages of one sender within five minutes", () => {
    const at = (minute: number, second = 0) => new Date(2026, 2, 5, 10, minute, second);
    const items = [
      item(1, { at: at(0) }),
      item(2, { at: at(5) }),
      item(3, { at: at(10, 1) }),
      item(4, { at: at(11), sender: bo }),
    ];
    expect(show(rowsOf(items))).toEqual(["[m1", "m2]", "[m3]", "[m4]"]);
  });

  it("puts the line where the days part in the time zone that the device has come to", () => {
    const before = process.env.TZ;
    const items = [
      item(1, { at: new Date("2026-03-05T22:00:00Z") }),
      item(2, { at: new Date("2026-03-05T23:30:00Z") }),
    ];
    process.env.TZ = "UTC";
    expect(show(rowsOf(items, { zone: "UTC" }))).toEqual(["[m1]", "[m2]"]);
    process.env.TZ = "Europe/Madrid";
    expect(show(rowsOf(items, { zone: "Europe/Madrid" }))).toEqual(["[m1]", "day:m2", "[m2]"]);
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it("puts a line between days, none before the first, and ends the group there", () => {
    const items = [
      item(1, { at: new Date(2026, 2, 5, 23, 59) }),
      item(2, { at: new Date(2026, 2, 6, 0, 1) }),
      item(3, { at: new Date(2026, 3, 6, 0, 1) }),
    ];
    const rows = rowsOf(items);
    expect(show(rows)).toEqual(["[m1]", "day:m2", "[m2]", "day:m3", "[m3]"]);
    expect(rows[1]).toMatchObject({ moment: new Date(2026, 2, 6, 0, 1).toISOString() });
  });

  it("puts the line of new messages before the first that is unread and another's", () => {
    const items = [item(1), item(2), item(3, { isOwn: true, sender: bo }), item(4), item(5)];
    expect(show(rowsOf(items, { firstUnreadSeq: 2 }))).toEqual(["[m1]", "unread", "[m2]", "[m3]", "[m4", "m5]"]);
    expect(show(rowsOf(items, { firstUnreadSeq: 3 }))).toEqual(["[m1", "m2]", "[m3]", "unread", "[m4", "m5]"]);
  });

  it("draws no line of new messages while that place is not loaded", () => {
    expect(show(rowsOf([item(10), item(11)], { firstUnreadSeq: 5 }))).toEqual(["[m10", "m11]"]);
    expect(show(rowsOf([item(10), item(11)], { firstUnreadSeq: 12 }))).toEqual(["[m10", "m11]"]);
    expect(show(rowsOf([item(1, { seq: null })], { firstUnreadSeq: 1 }))).toEqual(["[m1]"]);
  });

  it("puts the day before the line of new messages", () => {
    const items = [item(1), item(2, { at: new Date(2026, 2, 6) })];
    expect(show(rowsOf(items, { firstUnreadSeq: 2 }))).toEqual(["[m1]", "day:m2", "unread", "[m2]"]);
  });

  it("lets a message of the system stand alone", () => {
    const items = [item(1), item(2, { type: "system" }), item(3)];
    expect(show(rowsOf(items))).toEqual(["[m1]", "m2", "[m3]"]);
    expect(rowsOf(items)[1]?.kind).toBe("system");
  });

  it("ends with the typing bubble", () => {
    expect(show(rowsOf([item(1)], { isSomebodyTyping: true }))).toEqual(["[m1]", "typing"]);
  });

  it("keeps what stood before when older messages come in front", () => {
    const newer = [item(51), item(52), item(53, { at: new Date(2026, 2, 6) })];
    const older = [item(49, { at: new Date(2026, 2, 4) }), item(50, { at: new Date(2026, 2, 4, 9) })];
    const before = show(rowsOf(newer));
    const after = show(rowsOf([...older, ...newer]));
    expect(after.slice(-before.length)).toEqual(before);
  });

  it("lays out ten thousand messages without parsing their times again", () => {
    const items = Array.from({ length: 10_000 }, (_, index) => item(index + 1));
    rowsOf(items);
    const started = performance.now();
    rowsOf(items);
    expect(performance.now() - started).toBeLessThan(250);
  });
});

describe("arePrepended", () => {
  const rows = rowsOf([item(5), item(6)]);

  it("is true only when all that is new stands in front", () => {
    expect(arePrepended(rows, rowsOf([item(4), item(5), item(6)]))).toBe(true);
    expect(arePrepended(rows, rowsOf([item(5), item(6), item(7)]))).toBe(false);
    expect(arePrepended(rows, rows)).toBe(false);
    expect(arePrepended([], rows)).toBe(false);
    expect(arePrepended(rows, [])).toBe(false);
  });
});
