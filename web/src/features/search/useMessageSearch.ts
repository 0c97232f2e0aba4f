import { useEffect, useState } from "react";
import { useStore } from "../../lib/useStore";
import type { MessageQuery } from "../../realtime/types";
import { useChatClient } from "../session";
import { MessageSearch, type SearchState } from "./messageSearch";

/** Messages that are found by what is asked for now. */
export function useMessageSearch(query: MessageQuery): { readonly search: MessageSearch; readonly state: SearchState } {
  const client = useChatClient();
  const [search] = useState(() => new MessageSearch(client.searchMessages));
  useEffect(() => search.look(query), [search, query]);
  useEffect(() => () => search.close(), [search]);
  return { search, state: useStore(search.state) };
}
