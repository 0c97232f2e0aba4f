/** The search for messages while somebody types: one question at a time, the newest, and pages of its answer. No React. */
import { toChatError, type ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { FoundMessage, FoundPage, MessageQuery } from "../../realtime/types";

/** The longest question that the server takes, in code points. */
const MAX_TEXT = 200;
const DELAY_MS = 200;
/** After this, somebody who waits is told that it takes its time. */
const SLOW_MS = 3_000;
/** Failures that pass by themselves, of which the third is told. One person's searches are two at a time on the server. */
const PASSING: ReadonlySet<string> = new Set(["offline", "timeout", "unavailable", "internal", "rate_limited"]);
const RETRY_MS = 1_000;
const MOST_TRIES = 2;
/** Pages that hold little are followed by the next ones, until there is a screen of messages, or this many were read. */
const ENOUGH = 12;
const MOST_PAGES = 4;

export interface SearchState {
  /** What is looked for; null: nothing. */
  readonly query: MessageQuery | null;
  /** `searching`: the first page is on its way, and `found` is of the question before. */
  readonly phase: "idle" | "searching" | "ready" | "failed";
  readonly isSlow: boolean;
  readonly found: readonly FoundMessage[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly error: ChatError | null;
}

const IDLE: SearchState = {
  query: null,
  phase: "idle",
  isSlow: false,
  found: [],
  hasMore: false,
  isLoadingMore: false,
  error: null,
};

type Ask = (query: MessageQuery, cursor: string | null, signal: AbortSignal) => Promise<FoundPage>;

export class MessageSearch {
  readonly state = new WritableStore<SearchState>(IDLE);
  readonly #ask: Ask;
  #ending = new AbortController();
  #cursor: string | null = null;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Looks for something else a moment later, unless it changes again; what was asked before is not waited for. */
  look(wanted: MessageQuery): void {
    const text = Array.from(wanted.text.trim()).slice(0, MAX_TEXT).join("").trim();
    const query = text === "" ? null : { ...wanted, text };
    if (JSON.stringify(query) === JSON.stringify(this.state.getSnapshot().query)) return;
    this.#end();
    if (query === null) this.state.set(IDLE);
    else void this.#begin(query, DELAY_MS);
  }

  /** Asks again after a failure. */
  retry(): void {
    const { query, phase } = this.state.getSnapshot();
    if (query === null || phase !== "failed") return;
    this.#end();
    void this.#begin(query, 0);
  }

  /** Adds the next page. Does nothing while one is on its way, or none is left. */
  async loadMore(): Promise<void> {
    const { query, phase, hasMore, isLoadingMore } = this.state.getSnapshot();
    if (query === null || phase !== "ready" || !hasMore || isLoadingMore) return;
    const { signal } = this.#ending;
    this.#change({ isLoadingMore: true, error: null });
    await this.#read(query, signal, ({ found }) => ({ found: [...this.state.getSnapshot().found, ...found] }));
  }

  close(): void {
    this.#end();
    this.state.set(IDLE);
  }

  #end(): void {
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  async #begin(query: MessageQuery, delayMs: number): Promise<void> {
    const { signal } = this.#ending;
    this.#change({ query, phase: "searching", isSlow: false, isLoadingMore: false, error: null });
    this.#cursor = null;
    if (delayMs > 0) await pause(delayMs, signal);
    if (signal.aborted) return;
    const timer = setTimeout(() => signal.aborted || this.#change({ isSlow: true }), SLOW_MS);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    await this.#read(query, signal, ({ found }) => ({ found, phase: "ready" }));
    clearTimeout(timer);
  }

  /** Reads on until there is something to show; the first page takes the place of what was shown. */
  async #read(
    query: MessageQuery,
    signal: AbortSignal,
    show: (page: FoundPage) => Partial<SearchState>,
  ): Promise<void> {
    const gathered: FoundMessage[] = [];
    try {
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const { found, nextCursor } = await this.#tryAgain(query, signal);
        if (signal.aborted) return;
        gathered.push(...found);
        this.#cursor = nextCursor;
        if (nextCursor === null || gathered.length >= ENOUGH) break;
      }
      const hasMore = this.#cursor !== null;
      this.#change({
        ...show({ found: gathered, nextCursor: this.#cursor }),
        hasMore,
        isLoadingMore: false,
        isSlow: false,
      });
    } catch (cause) {
      if (signal.aborted) return;
      const isFirst = this.state.getSnapshot().phase === "searching";
      const failed = { error: toChatError(cause), isLoadingMore: false, isSlow: false };
      this.#change(isFirst ? { ...failed, phase: "failed", found: [], hasMore: false } : failed);
    }
  }

  async #tryAgain(query: MessageQuery, signal: AbortSignal): Promise<FoundPage> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#ask(query, this.#cursor, signal);
      } catch (cause) {
        if (signal.aborted || tries === MOST_TRIES || !PASSING.has(toChatError(cause).code)) throw cause;
      }
      await pause(RETRY_MS, signal);
      signal.throwIfAborted();
    }
  }

  #change(change: Partial<SearchState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

/** Ends early when the signal does. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}
