import { createContext, useContext, useMemo } from "react";
import { useStore } from "../../lib/useStore";
import type { User } from "../../realtime/types";
import { useChatClient } from "../session";

/** Those whose names the messages may have: the members of the room. */
export const Members = createContext<readonly User[]>([]);

/** Whom a message mentions, as far as they are members, by the names that they have now. */
export function useMentioned(ids: readonly string[]) {
  const members = useContext(Members);
  const myId = useStore(useChatClient().me)?.id;
  return useMemo(
    () => members.flatMap(({ id, name }) => (ids.includes(id) ? [{ id, name, isMe: id === myId }] : [])),
    [members, ids, myId],
  );
}
