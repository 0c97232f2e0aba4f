import { useEffect, useState } from "react";

import type { ChatClient, Profile } from "../../realtime/types";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { useChatClient } from "../session";

/** What was told of people on this page: shown again at once, while it is asked for anew. */
const seen = new WeakMap<ChatClient, Map<string, Profile>>();
const MOST_SEEN = 200;

/** What the host tells of somebody; null until it is known, and where it cannot be had. */
export function useProfile(userId: string | null): Profile | null {
  const client = useChatClient();
  const requests = useRoomRequests();
  const [, setCount] = useState(0);
  useEffect(() => {
    if (userId === null) return;
    let isWanted = true;
    requests.findProfile(userId).then(
      (profile) => {
        remember(client, profile);
        if (isWanted) setCount((count) => count + 1);
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [client, requests, userId]);
  return userId === null ? null : (seen.get(client)?.get(userId) ?? null);
}

function remember(client: ChatClient, profile: Profile): void {
  const profiles = seen.get(client) ?? new Map<string, Profile>();
  if (profiles.size >= MOST_SEEN) profiles.clear();
  seen.set(client, profiles.set(profile.id, profile));
}
