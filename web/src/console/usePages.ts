import { useCallback, useEffect, useRef, useState } from "react";

import { toChatError, type ChatError } from "../lib/api/chatError";
import type { RestAnswer } from "../lib/api/restClient";
import { tryTwice } from "../lib/api/tryTwice";

/** Rows of a page. */
export const PAGE = 50;

/** Asks for a page: the first one, or what follows a cursor. */
export type LoadPage<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<RestAnswer<T[]>>;

interface Listed<T> {
  readonly key: string;
  readonly rows: readonly T[];
  /** Where the list goes on; null at its end. */
  readonly cursor: string | null;
  readonly phase: "loading" | "loaded" | "failed";
  readonly error: ChatError | null;
}

export interface Pages<T> extends Omit<Listed<T>, "key" | "cursor"> {
  readonly hasMore: boolean;
  /** Asks for the next page; after a failure, for the page that failed. */
  loadMore(): void;
  /** From the first page on. */
  reload(): void;
  /** Changes the rows that are there by what is known to have changed. */
  update(change: (row: T) => T): void;
}

/** A list in pages. Another key is another list. */
export function usePages<T>(key: string, load: LoadPage<T>): Pages<T> {
  const [listed, setListed] = useState<Listed<T>>(() => empty(key));
  const latest = useRef(load);
  const ending = useRef(new AbortController());
  useEffect(() => {
    latest.current = load;
  });

  const ask = useCallback((cursor: string | undefined): void => {
    const { signal } = ending.current;
    setListed((before) => ({ ...before, phase: "loading", error: null }));
    tryTwice(() => latest.current(cursor, signal), signal).then(
      ({ data, nextCursor }) => {
        if (signal.aborted) return;
        setListed(({ key, rows }) => ({
          key,
          rows: cursor === undefined ? data : [...rows, ...data],
          cursor: nextCursor,
          phase: "loaded",
          error: null,
        }));
      },
      (cause: unknown) => {
        if (!signal.aborted) setListed((before) => ({ ...before, phase: "failed", error: toChatError(cause) }));
      },
    );
  }, []);

  const start = useCallback((): void => {
    ending.current.abort();
    ending.current = new AbortController();
    ask(undefined);
  }, [ask]);

  useEffect(() => {
    setListed(empty(key));
    start();
    return () => ending.current.abort();
  }, [key, start]);

  // Of the key before, nothing is shown any more.
  const { rows, cursor, phase, error } = listed.key === key ? listed : empty<T>(key);
  return {
    rows,
    phase,
    error,
    hasMore: cursor !== null,
    loadMore: () => ask(cursor ?? undefined),
    reload: start,
    update: (change) => setListed((before) => ({ ...before, rows: before.rows.map(change) })),
  };
}

function empty<T>(key: string): Listed<T> {
  return { key, rows: [], cursor: null, phase: "loading", error: null };
}
