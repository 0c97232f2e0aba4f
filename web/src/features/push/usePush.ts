import { useEffect, useRef } from "react";

import { useChatClient, useSessionAccess } from "../session";
import { loadParts } from "./load";
import type { PushTarget } from "./messages";

/** Push for as long as somebody is signed in, in the app; see `startPush`. Mounted once. */
export function usePush(roomId: string | null, onNavigate: (target: PushTarget) => void): void {
  const client = useChatClient();
  const access = useSessionAccess();
  const newest = useRef({ roomId, onNavigate });
  useEffect(() => {
    newest.current = { roomId, onNavigate };
  });

  // From the start: what an earlier page has registered is removed, too, by whoever signs out at once.
  useEffect(() => access?.onLeave(async () => (await loadParts())?.leavePush({ access, client })), [access, client]);
  useEffect(() => {
    if (access === null) return;
    let end: (() => void) | undefined;
    let isOver = false;
    void loadParts().then((parts) => {
      if (isOver) return;
      end = parts?.startPush({
        access,
        client,
        roomId: () => newest.current.roomId,
        onNavigate: (target) => newest.current.onNavigate(target),
      });
    });
    return () => {
      isOver = true;
      end?.();
    };
  }, [access, client]);
}
