import { useEffect } from "react";

import type { Store } from "../../lib/store";
import { useStore } from "../../lib/useStore";
import type { ConnectionState } from "../../realtime/types";
import { useChatClient } from "../session";
import { NoticeFollower, type ConnectionNotice } from "./connectionNotice";

/** One for each connection, so that all places of the page say the same at the same time. */
const followers = new WeakMap<Store<ConnectionState>, NoticeFollower>();

export function useConnectionNotice(): ConnectionNotice {
  const follower = followerOf(useChatClient().connection);
  useEffect(() => follower.start(), [follower]);
  return useStore(follower.state);
}

function followerOf(connection: Store<ConnectionState>): NoticeFollower {
  const known = followers.get(connection) ?? new NoticeFollower(connection);
  followers.set(connection, known);
  return known;
}
