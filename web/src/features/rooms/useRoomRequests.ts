import { useMemo } from "react";

import { PeopleRequests } from "../../realtime/roomRequests";
import type { RoomRequests } from "../../realtime/types";
import { useChatClient } from "../session";

export function useRoomRequests(): RoomRequests {
  const { server } = useChatClient();
  return useMemo(() => new PeopleRequests(server), [server]);
}
