import { useEffect, useRef } from "react";

import { useChatClient, useSessionAccess } from "../session";
import { loadParts } from "./load";
import type { PushTarget } from "./messages";
import type * as Parts from "./parts";

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
    return startSoon((parts) =>
      parts.startPush({
        access,
        client,
        roomId: () => newest.current.roomId,
        onNavigate: (target) => newest.current.onNavigate(target),
      }),
    );
  }, [access, client]);
}

/** Says for as long as it is wanted that nobody is signed in here: a window that is silent is taken for a frozen one. */
export function usePushNobody(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const nothing = (): void => undefined;
    return startSoon((parts) =>
      parts.listenToWorker({ look: () => null, onFollow: nothing, onSubscriptionChanged: nothing }),
    );
  }, [isWanted]);
}

/** Starts once the parts are there; the answer ends that, or prevents it. */
function startSoon(start: (parts: typeof Parts) => () => void): () => void {
  let end: (() => void) | undefined;
  let isOver = false;
  void loadParts().then((parts) => {
    if (!isOver && parts !== null) end = start(parts);
  });
  return () => {
    isOver = true;
    end?.();
  };
}
