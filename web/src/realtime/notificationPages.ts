/** The server's list of notifications, page by page. */
import type { ChatApi, NotificationQuery } from "./chatApi";
import type { NotificationRecord } from "./types";

export const PAGE_SIZE = 100;

type Items = readonly NotificationRecord[];

export interface NewestNotifications {
  readonly records: Items;
  /** Unread ones that may be older than these: up to a hundred, and none when these are all there are. */
  readonly unreadIds: readonly string[];
}

export class NotificationPages {
  readonly #api: Pick<ChatApi, "listNotifications">;
  /** What was read while an answer is on its way: it may have been written before. */
  readonly #readMeanwhile = new Set<Set<string>>();
  /** Where the next older page begins; null at the end of the list, undefined before its beginning. */
  #cursor: string | null | undefined;

  constructor(api: Pick<ChatApi, "listNotifications">) {
    this.#api = api;
  }

  get hasOlder(): boolean {
    return typeof this.#cursor === "string";
  }

  /** These were read just now. */
  noteRead(ids: ReadonlySet<string>): void {
    for (const read of this.#readMeanwhile) for (const id of ids) read.add(id);
  }

  /** The beginning of the list. `isKnown` says what is listed here already. Throws ChatError. */
  newest(isKnown: (id: string) => boolean): Promise<NewestNotifications> {
    return this.#watching(async (ask) => {
      const { records, nextCursor } = await ask({ limit: PAGE_SIZE });
      const joins = records.some(({ id }) => isKnown(id));
      const unread = nextCursor === null ? [] : (await ask({ limit: PAGE_SIZE, unreadOnly: true })).records;
      // Where it joins what is listed here, the place that somebody has come to still holds.
      if (this.#cursor === undefined || !joins) this.#cursor = nextCursor;
      return { records, unreadIds: unread.filter(({ read }) => !read).map(({ id }) => id) };
    });
  }

  /** The page after the last one; empty at the end. Throws ChatError. */
  async older(): Promise<Items> {
    const before = this.#cursor;
    if (typeof before !== "string") return [];
    return this.#watching(async (ask) => {
      const { records, nextCursor } = await ask({ limit: PAGE_SIZE, before });
      this.#cursor = nextCursor;
      return records;
    });
  }

  /** In what is answered, everything is read that was read since it was asked for. */
  async #watching<T>(action: (ask: ChatApi["listNotifications"]) => Promise<T>): Promise<T> {
    const read = new Set<string>();
    this.#readMeanwhile.add(read);
    try {
      return await action(async (query: NotificationQuery) => {
        const page = await this.#api.listNotifications(query);
        const records = page.records.map((record) => (read.has(record.id) ? { ...record, read: true } : record));
        return { ...page, records };
      });
    } finally {
      this.#readMeanwhile.delete(read);
    }
  }
}
