import { useEffect, useState } from "react";

import { useStore } from "../../lib/useStore";
import type { Attachment, ConversationState, Room, User } from "../../realtime/types";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { useChatClient } from "../session";

export interface PinnedMessage {
  readonly seq: number;
  readonly sender: User;
  readonly content: string;
  readonly attachments: readonly Attachment[];
  readonly createdAt: string;
  readonly change: number;
}

type Fetched = Readonly<Record<number, PinnedMessage | "failed" | undefined>>;

/** Messages by their places: as the open conversation has them, else from the server, one after another. */
export function usePins(room: Room, seqs: readonly number[], state: ConversationState | null) {
  const requests = useRoomRequests();
  const { connection } = useChatClient();
  const isOnline = useStore(connection).phase === "online";
  const [fetched, setFetched] = useState<Fetched>({});
  const found = seqs.map((seq) => {
    const item = state?.items.find((other) => other.seq === seq);
    return { seq, message: item === undefined ? fetched[seq] : { ...item, seq } };
  });
  const missing = found.find(({ message }) => message === undefined)?.seq;
  useEffect(() => {
    if (missing === undefined || state?.phase !== "ready" || !isOnline) return;
    let isWanted = true;
    const put = (message: PinnedMessage | "failed"): void => {
      if (isWanted) setFetched((before) => ({ ...before, [missing]: message }));
    };
    requests.findMessage(room.id, missing).then(
      (message) => put(message ?? "failed"),
      () => put("failed"),
    );
    return () => {
      isWanted = false;
    };
  }, [requests, room.id, missing, state?.phase, isOnline]);
  return found;
}
