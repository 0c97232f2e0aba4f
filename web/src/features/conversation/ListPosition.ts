/** Where the list of a conversation stands, and where it goes when the conversation changes. No React. */
import { WritableStore, type Store } from "../../lib/store";
import type { ConversationItem, ConversationState } from "../../realtime/types";
import { findSeenSeq, findTopItem, type Viewport } from "./place";
import { dayOf, type Row } from "./rows";

/** Height of what stands above the first row at the usual size of text. Always the same, so that loading moves nothing. */
export const START_MARGIN_PX = 88;
/** Nearer to the end than this, the reader is at the end. */
const END_PX = 40;
/** Nearer to the start than this, the page before is fetched: two to three screens ahead of the reader. */
const LOAD_AHEAD_PX = 2_000;
/** What stays visible above the line of new messages. */
const ABOVE_UNREAD_PX = 72;
/** The line of new messages is fetched when no more than these lie between it and what is loaded. */
const MOST_TO_UNREAD_LINE = 500;
/** What a line of a day has above and below its words, and how far down the day over the messages reaches. */
const DAY_EDGE_PX = 12;
const DAY_REACH_PX = 34;
/** How much of the screen is above a message that somebody is led to. */
const ABOVE_TARGET = 0.3;

export interface ListHandle extends Viewport {
  scrollToIndex(index: number, options: { readonly align: "start"; readonly offset?: number }): void;
}

export interface ListPlace {
  /** The list follows what comes in below. */
  readonly isAtEnd: boolean;
  /** The newest message that was on the screen, whether or not somebody looked. */
  readonly seenSeq: number;
}

export interface ListContents extends Pick<
  ConversationState,
  "hasOlder" | "hasNewer" | "stretch" | "target" | "firstUnreadSeq"
> {
  readonly rows: readonly Row[];
  /** The seq up to which everything was read. */
  readonly lastReadSeq: number;
}

const NOTHING: ListContents = {
  rows: [],
  hasOlder: false,
  hasNewer: false,
  stretch: 0,
  target: null,
  firstUnreadSeq: null,
  lastReadSeq: 0,
};

/** A row and how far its top is below the top of the screen. */
export interface Anchor {
  readonly key: string;
  readonly offset: number;
}

export interface ListPositionOptions {
  /** A message is on the screen, and all before it were. Called often, with the same one too. */
  onSeen(seq: number): void;
  loadOlder(): void;
  loadNewer(): void;
  /** Has the present shown instead of a stretch of the past. */
  goToLatest(): void;
  /** By the browser's own means: the list's would come again for every row that is measured, against a reader who goes up. */
  scrollToEnd(): void;
  /** How far the end lies below the screen. The browser knows of a screen that grew or shrank before the list does. */
  distanceFromEnd(): number;
  /** Of the screen. The list does not know of it yet when it was made for another stretch of the conversation. */
  height(): number;
}

/**
 * The list opens at the line of new messages, else where the reader was, else at the end. Then it stays at the end for as
 * long as the reader does, or wherever the reader is, whatever comes in above or below.
 */
export class ListPosition {
  readonly #place = new WritableStore<ListPlace>({ isAtEnd: true, seenSeq: 0 });
  readonly #top = new WritableStore<ConversationItem | null>(null);
  readonly #options: ListPositionOptions;
  #list: ListHandle | null = null;
  #contents = NOTHING;
  #followsEnd = true;
  /** Until the reader takes the list in hand, a line of new messages that comes late is still gone to. */
  #isOpening = true;
  /** The list is where it belongs: what is on the screen has been looked at. */
  #isPlaced = false;
  /** Where the reader was when the conversation was shown last. */
  #anchor: Anchor | null = null;
  /** The message that the reader was led to last. */
  #target: ConversationState["target"] = null;
  /** The reader was led past messages that they have not seen: what is on the screen says nothing of those before it. */
  #hasSkipped = false;
  #lastOffset = 0;
  #distance = 0;
  /** As `START_MARGIN_PX`, at the size of text that the reader has chosen. To be set when it is known. */
  startMargin = START_MARGIN_PX;

  constructor(options: ListPositionOptions) {
    this.#options = options;
  }

  get place(): Store<ListPlace> {
    return this.#place;
  }

  /** A message of the day that is at the top of the screen; null where the line of that day is there to be seen. */
  get top(): Store<ConversationItem | null> {
    return this.#top;
  }

  readonly attach = (list: ListHandle | null): void => {
    if (list !== null) this.#list = list;
  };

  /** To be called when the list comes onto the page, and again when it comes back to it. */
  open(anchor: Anchor | null): void {
    this.#contents = NOTHING;
    this.#followsEnd = true;
    this.#isOpening = true;
    this.#isPlaced = false;
    this.#anchor = anchor;
    if (anchor === null) this.#target = null;
    this.#lastOffset = 0;
    this.#distance = 0;
  }

  /** To be called when the list holds other rows, before the browser paints them. */
  update(contents: ListContents): void {
    const before = this.#contents;
    this.#contents = contents;
    const isOther = before.stretch !== contents.stretch;
    if (isOther) this.#lastOffset = 0;
    if (contents.rows.length === 0 || this.#goToTarget() || this.#goToUnread() || this.#goToAnchor()) return;
    const hasGrownBelow = before.rows.at(-1)?.key !== contents.rows.at(-1)?.key;
    // What comes below a stretch of the past is no news.
    if (hasGrownBelow && !before.hasNewer && this.#distance <= END_PX) this.#followsEnd = true;
    if (isOther && before.hasNewer && !contents.hasNewer) this.#followsEnd = true;
    if (this.#followsEnd) this.#scrollToEnd();
  }

  /** To be called a frame after each change, when sizes are known. */
  settle(): void {
    this.#isPlaced = true;
    if (this.#contents.hasNewer) this.#distance = this.#options.distanceFromEnd();
    this.look();
  }

  readonly scrolled = (offset: number): void => {
    if (this.#list === null) return;
    this.#distance = this.#options.distanceFromEnd();
    // Only the reader goes up; rows that grow do not let go of the end. A hair's breadth is rounding.
    if (this.#distance <= 2) this.#followsEnd = !this.#contents.hasNewer;
    else if (offset < this.#lastOffset - 1) this.#followsEnd = false;
    this.#lastOffset = offset;
    this.look();
  };

  readonly resized = (): void => {
    if (this.#followsEnd) this.#scrollToEnd();
    this.look();
  };

  /** The reader has taken the list in hand, and may be about to go up: then nothing pulls them back to the end. */
  readonly touched = (mayGoUp: boolean): void => {
    this.#isOpening = false;
    if (mayGoUp) this.#followsEnd = false;
  };

  readonly goToEnd = (): void => {
    this.#isOpening = false;
    this.#followsEnd = true;
    if (this.#contents.hasNewer) this.#options.goToLatest();
    else this.#scrollToEnd();
    this.look();
  };

  /** Takes note of what is on the screen, and has older and newer messages fetched ahead of the reader. */
  readonly look = (): void => {
    if (this.#list === null || !this.#isPlaced) return;
    const { hasOlder, hasNewer } = this.#contents;
    if (hasOlder && this.#list.scrollOffset < LOAD_AHEAD_PX) this.#options.loadOlder();
    if (hasNewer && this.#distance < LOAD_AHEAD_PX) this.#options.loadNewer();
    this.#lookAtDay(this.#list);
    if (this.#isFetchingUnreadLine()) return;
    const seq = findSeenSeq(this.#list, this.#contents.rows);
    const isAtEnd = !hasNewer && (this.#followsEnd || this.#distance <= END_PX);
    if (isAtEnd || this.#isWhereReadingEnded()) this.#hasSkipped = false;
    if (!this.#hasSkipped) this.#options.onSeen(seq);
    this.#place.update((before) => {
      const seenSeq = Math.max(before.seenSeq, seq);
      return before.isAtEnd === isAtEnd && before.seenSeq === seenSeq ? before : { isAtEnd, seenSeq };
    });
  };

  /** Where the reader is, to come back to; null at the end. */
  findAnchor(): Anchor | null {
    if (!this.#isPlaced) return this.#anchor;
    if (this.#list === null || this.#followsEnd) return null;
    const index = this.#list.findItemIndex(this.#list.scrollOffset);
    const key = this.#contents.rows[index]?.key;
    if (key === undefined) return null;
    return { key, offset: this.startMargin + this.#list.getItemOffset(index) - this.#list.scrollOffset };
  }

  #goToTarget(): boolean {
    const { rows, target } = this.#contents;
    if (target === null || target === this.#target) return false;
    this.#target = target;
    const index = rows.findIndex((row) => "item" in row && row.item.seq === target.seq);
    if (index < 0) return false;
    this.#isOpening = false;
    this.#followsEnd = false;
    this.#anchor = null;
    this.#hasSkipped = true;
    const above = Math.round(this.#options.height() * ABOVE_TARGET);
    this.#list?.scrollToIndex(index, { align: "start", offset: -above });
    return true;
  }

  /** Tells of another day, and not of each message that passes by. */
  #lookAtDay(list: ListHandle): void {
    const { rows } = this.#contents;
    const isLine = (offset: number): boolean => rows[list.findItemIndex(offset)]?.kind === "day";
    const { scrollOffset: edge } = list;
    const isLineSeen =
      edge < this.startMargin - DAY_EDGE_PX || isLine(edge + DAY_EDGE_PX) || isLine(edge + DAY_REACH_PX);
    const top = isLineSeen ? null : findTopItem(list, rows);
    this.#top.update((before) => (before && top && dayOf(before) === dayOf(top) ? before : top));
  }

  /** What is on the screen goes on from what was read. */
  #isWhereReadingEnded(): boolean {
    if (!this.#hasSkipped || this.#list === null) return false;
    const top = findTopItem(this.#list, this.#contents.rows);
    return top !== null && (top.seq ?? Infinity) <= this.#contents.lastReadSeq + 1;
  }

  #goToUnread(): boolean {
    if (!this.#isOpening) return false;
    const index = this.#contents.rows.findIndex((row) => row.kind === "unread");
    if (index < 0) {
      if (this.#isFetchingUnreadLine()) this.#options.loadOlder();
      return false;
    }
    this.#isOpening = false;
    this.#followsEnd = false;
    this.#list?.scrollToIndex(index, { align: "start", offset: -ABOVE_UNREAD_PX });
    return true;
  }

  #goToAnchor(): boolean {
    const anchor = this.#isPlaced ? null : this.#anchor;
    const index = anchor === null ? -1 : this.#contents.rows.findIndex((row) => row.key === anchor.key);
    if (anchor === null || index < 0) return false;
    this.#followsEnd = false;
    this.#list?.scrollToIndex(index, { align: "start", offset: -anchor.offset });
    return true;
  }

  /** The line of new messages lies a few pages above what is loaded, and the reader waits for it. */
  #isFetchingUnreadLine(): boolean {
    const { rows, hasOlder, firstUnreadSeq } = this.#contents;
    const first = rows[0];
    if (!this.#isOpening || !hasOlder || firstUnreadSeq === null || first === undefined) return false;
    const firstSeq = "item" in first ? first.item.seq : null;
    return firstSeq !== null && firstSeq > firstUnreadSeq && firstSeq - firstUnreadSeq <= MOST_TO_UNREAD_LINE;
  }

  #scrollToEnd(): void {
    if (this.#contents.rows.length > 0) this.#options.scrollToEnd();
  }
}
