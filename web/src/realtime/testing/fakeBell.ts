/** The server's list of notifications: tests say what is in it, and see what was asked and marked. */
import { offlineError } from "../../lib/api/chatError";
import type { NotificationPage, NotificationQuery } from "../chatApi";
import type { NotificationServices } from "../notifications";
import type { NotificationRecord } from "../types";

export class FakeBell implements NotificationServices {
  records: NotificationRecord[] = [];
  lastReadSeq = 0;
  isDown = false;
  pageSize = 100;
  /** Every question, and every mark, in order. */
  readonly queries: NotificationQuery[] = [];
  readonly marked: string[] = [];
  /** Called after an answer was written, and before it arrives. */
  onAnswer: () => void = () => undefined;
  /** Thrown by the next mark. */
  refusal: Error | null = null;

  readonly isConnected = (): boolean => !this.isDown;
  readonly lastReadSeqOf = (): number => this.lastReadSeq;

  readonly api: NotificationServices["api"] = {
    listNotifications: async (query) => {
      this.queries.push(query);
      this.#check();
      const page = this.#page(query);
      await Promise.resolve();
      this.onAnswer();
      return page;
    },
    readNotification: (id) => this.#mark(id),
    readAllNotifications: () => this.#mark("all"),
  };

  #page({ before, unreadOnly = false }: NotificationQuery): NotificationPage {
    const found = this.records.filter(
      ({ createdAt, read }) => (before === undefined || createdAt < before) && !(unreadOnly && read),
    );
    const records = found.slice(0, this.pageSize);
    return { records, nextCursor: found.length > records.length ? (records.at(-1)?.createdAt ?? null) : null };
  }

  async #mark(id: string): Promise<void> {
    this.#check();
    const { refusal } = this;
    this.refusal = null;
    await Promise.resolve();
    if (refusal) throw refusal;
    this.marked.push(id);
  }

  #check(): void {
    if (this.isDown) throw offlineError();
  }
}
