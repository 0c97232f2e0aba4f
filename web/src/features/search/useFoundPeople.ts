import { useEffect, useState } from "react";
import { tryTwice } from "../../lib/api/tryTwice";
import type { User } from "../../realtime/types";
import { useChatClient } from "../session";

const DELAY_MS = 200;
/** What the server looks for at most, in code points. No name is found by more. */
const MAX_QUERY = 100;
const NOBODY: readonly User[] = [];

/**
 * People by name, a moment after somebody has stopped typing. Nobody is found while there is no network: whom one knows is
 * among the conversations.
 */
export function useFoundPeople(text: string): readonly User[] {
  const client = useChatClient();
  const [found, setFound] = useState(NOBODY);
  useEffect(() => {
    const ending = new AbortController();
    const query = Array.from(text).slice(0, MAX_QUERY).join("").trim();
    const show = (people: readonly User[]): void => {
      if (!ending.signal.aborted) setFound(people);
    };
    const timer = setTimeout(() => {
      if (query === "") show(NOBODY);
      else
        tryTwice(() => client.searchPeople(query, ending.signal), ending.signal).then(show, () => {
          show(NOBODY);
        });
    }, DELAY_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [client, text]);
  return text === "" ? NOBODY : found;
}
