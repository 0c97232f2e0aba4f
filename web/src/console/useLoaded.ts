import { useCallback, useEffect, useRef, useState } from "react";

import { toChatError, type ChatError } from "../lib/api/chatError";
import { tryTwice } from "../lib/api/tryTwice";

interface Outcome<T> {
  readonly key: string;
  readonly value: T | null;
  readonly error: ChatError | null;
}

export interface Loaded<T> {
  /** Null until it has come. It stays while it is asked for again. */
  readonly value: T | null;
  readonly error: ChatError | null;
  /** Asks again. */
  reload(): void;
  /** Puts what is known to have changed in its place. */
  replace(value: T): void;
}

/** What `load` gives for a key: asked for once for each key, and what comes late for another one is dropped. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [outcome, setOutcome] = useState<Outcome<T>>({ key, value: null, error: null });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    const ending = new AbortController();
    tryTwice(() => latest.current(ending.signal), ending.signal).then(
      (value) => setOutcome({ key, value, error: null }),
      (cause: unknown) => {
        if (!ending.signal.aborted) {
          setOutcome((before) => ({ key, value: before.key === key ? before.value : null, error: toChatError(cause) }));
        }
      },
    );
    return () => ending.abort();
  }, [key, round]);
  const isOfKey = outcome.key === key;
  return {
    value: isOfKey ? outcome.value : null,
    error: isOfKey ? outcome.error : null,
    reload: useCallback(() => {
      setOutcome((before) => ({ ...before, error: null }));
      setRound((before) => before + 1);
    }, []),
    replace: useCallback((value: T) => setOutcome({ key, value, error: null }), [key]),
  };
}
