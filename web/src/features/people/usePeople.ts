import { useEffect, useState } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { tryTwice } from "../../lib/api/tryTwice";
import type { User } from "../../realtime/types";
import { useChatClient } from "../session";

interface People {
  /** What these were asked for by; null before the first answer. */
  readonly query: string | null;
  /** Those of the answer before stay until the next is there; null until the first. */
  readonly people: readonly User[] | null;
  readonly error: ChatError | null;
}

const NOBODY: People = { query: null, people: null, error: null };

/** People by name, as the server finds them: only the newest question is waited for. */
export function usePeople(query: string): People & { retry(): void } {
  const client = useChatClient();
  const [found, setFound] = useState(NOBODY);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const show = (next: People): void => {
      if (!signal.aborted) setFound(next);
    };
    tryTwice(() => client.searchPeople(query, signal), signal).then(
      (people) => show({ query, people, error: null }),
      (cause: unknown) => show({ query, people: null, error: toChatError(cause) }),
    );
    return () => ending.abort();
  }, [client, query, tries]);
  const retry = (): void => {
    setFound(NOBODY);
    setTries((before) => before + 1);
  };
  return { ...found, retry };
}
