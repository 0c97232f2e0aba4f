/** Lays a conversation's items out as the rows of a list: messages in groups, a line for each new day, and the line before what is new. */
import type { ConversationItem } from "../../realtime/types";

/** Messages of one sender that follow each other within this time stand together. */
const GROUP_GAP_MS = 5 * 60_000;

export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly item: ConversationItem;
  /** First of a group: carries the sender's name in rooms of many. */
  readonly startsGroup: boolean;
  /** Last of a group: carries the avatar, and the space below. */
  readonly endsGroup: boolean;
}

export type Row =
  | MessageRow
  | { readonly kind: "system"; readonly key: string; readonly item: ConversationItem }
  | { readonly kind: "day"; readonly key: string; readonly moment: string }
  | { readonly kind: "unread"; readonly key: "unread" }
  | { readonly kind: "typing"; readonly key: "typing" };

export interface Layout {
  /** The time zone of the device: another one has other days. */
  readonly zone: string;
  readonly items: readonly ConversationItem[];
  readonly firstUnreadSeq: number | null;
  readonly isSomebodyTyping: boolean;
}

/**
 * The rows of a conversation. The day of the very first item has no row: it is drawn above the list, so that older
 * messages put in front of it change nothing but the front.
 */
export function layOutRows({ items, firstUnreadSeq, isSomebodyTyping, zone }: Layout): readonly Row[] {
  if (zone !== momentsZone) {
    moments = new WeakMap();
    momentsZone = zone;
  }
  const rows: Row[] = [];
  const unreadIndex = findUnreadIndex(items, firstUnreadSeq);
  let startsGroup = true;
  for (const [index, item] of items.entries()) {
    if (index === unreadIndex) rows.push({ kind: "unread", key: "unread" });
    const next = items[index + 1];
    const endsGroup = next === undefined || index + 1 === unreadIndex || !standTogether(item, next);
    rows.push(
      item.type === "system"
        ? { kind: "system", key: item.key, item }
        : { kind: "message", key: item.key, item, startsGroup, endsGroup },
    );
    if (next !== undefined && dayOf(item) !== dayOf(next)) {
      rows.push({ kind: "day", key: `day:${next.key}`, moment: next.createdAt });
    }
    startsGroup = endsGroup;
  }
  if (isSomebodyTyping) rows.push({ kind: "typing", key: "typing" });
  return rows;
}

/** The item before which the line stands: the first that is as new as `firstUnreadSeq`, unless it is one's own. */
function findUnreadIndex(items: readonly ConversationItem[], firstUnreadSeq: number | null): number {
  if (firstUnreadSeq === null) return -1;
  const first = items[0]?.seq;
  if (first === undefined || first === null || first > firstUnreadSeq) return -1;
  return items.findIndex((item) => item.seq !== null && item.seq >= firstUnreadSeq && !item.isOwn);
}

function standTogether(item: ConversationItem, next: ConversationItem): boolean {
  if (item.type === "system" || next.type === "system") return false;
  if (item.senderId !== next.senderId || dayOf(item) !== dayOf(next)) return false;
  return Math.abs(timeOf(next) - timeOf(item)) <= GROUP_GAP_MS;
}

interface Moment {
  readonly time: number;
  readonly day: number;
}

/** Parsing ten thousand dates anew for each message that arrives would cost frames. Items never change their time. */
let moments = new WeakMap<ConversationItem, Moment>();
/** Where they are the days that are known. */
let momentsZone = "";

function momentOf(item: ConversationItem): Moment {
  const known = moments.get(item);
  if (known !== undefined) return known;
  const date = new Date(item.createdAt);
  const day = (date.getFullYear() * 12 + date.getMonth()) * 31 + date.getDate() - 1;
  const moment = { time: date.getTime(), day };
  moments.set(item, moment);
  return moment;
}

/** Epoch milliseconds. */
const timeOf = (item: ConversationItem): number => momentOf(item).time;

/** A number that is the same for all moments of a day where the reader is. */
export const dayOf = (item: ConversationItem): number => momentOf(item).day;

/** Whether `rows` are the rows before, with more in front: the one case in which the list keeps its distance from the end. */
export function arePrepended(before: readonly Row[], rows: readonly Row[]): boolean {
  const first = before[0];
  const last = before.at(-1);
  if (first === undefined || last === undefined || rows.length <= before.length) return false;
  return rows[0]?.key !== first.key && rows.at(-1)?.key === last.key;
}
