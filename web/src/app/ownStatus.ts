import { useEffect } from "react";

import { useChatClient } from "../features/session";
import { useStore, useStoreSelector } from "../lib/useStore";
import type { PresenceStatus } from "../realtime/types";
import { WritableStore } from "../lib/store";

/** How one is seen by others. The server keeps a choice while one is connected; this page keeps it for the next time. */
export interface OwnStatus {
  /** As others see it now: nobody is here who is not connected. */
  readonly status: PresenceStatus;
  /** What was chosen: how one is seen while connected. */
  readonly choice: PresenceStatus;
  choose(status: PresenceStatus): void;
}

const storageKey = "hyred.status";
const choices: readonly PresenceStatus[] = ["online", "away", "busy", "offline"];
const chosen = new WritableStore<PresenceStatus>(readChoice());

export function useOwnStatus(): OwnStatus {
  const client = useChatClient();
  const choice = useStore(chosen);
  const myId = useStore(client.me)?.id ?? "";
  const seen = useStoreSelector(client.rooms, (state) => state.presence[myId]?.status);
  const isOnline = useStoreSelector(client.connection, (state) => state.phase === "online");
  const isConnected = useStoreSelector(client.connection, ({ phase }) => phase === "online" || phase === "catchingUp");

  useEffect(() => {
    if (isOnline && choice !== "online") client.setStatus(choice);
    // Only on connecting: a choice is sent when it is made.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, isOnline]);

  const choose = (status: PresenceStatus): void => {
    keepChoice(status);
    chosen.set(status);
    client.setStatus(status);
  };
  // Chosen in another tab, it is heard from the server.
  const known = seen ?? choice;
  return { status: isConnected ? known : "offline", choice: known, choose };
}

function readChoice(): PresenceStatus {
  try {
    const kept = sessionStorage.getItem(storageKey);
    return choices.find((status) => status === kept) ?? "online";
  } catch {
    return "online";
  }
}

function keepChoice(status: PresenceStatus): void {
  try {
    sessionStorage.setItem(storageKey, status);
  } catch {
    // Then it lasts until the page goes.
  }
}
