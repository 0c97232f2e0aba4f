import { useCallback } from "react";
import { useLocation } from "wouter";

import type { Navigate } from "../features/notifications";

export interface ChatNavigation {
  hrefOf(roomId: string): string;
  open(roomId: string): void;
  /** To the list: back in history where one came from there, so that the back gesture and this button agree. */
  backToList(): void;
  /** Follows a notification. Pages of the marketplace are not this app's: where it stands alone, they lead nowhere. */
  readonly follow: Navigate;
}

interface HistoryState {
  readonly cameFromList?: boolean;
}

export function useChatNavigation(currentRoomId: string | null): ChatNavigation {
  const [, navigate] = useLocation();
  const isInRoom = currentRoomId !== null;
  const open = useCallback(
    (roomId: string) => {
      navigate(hrefOf(roomId), { state: { cameFromList: !isInRoom } satisfies HistoryState });
    },
    [navigate, isInRoom],
  );
  const backToList = useCallback(() => {
    if (readState().cameFromList === true) history.back();
    else navigate("/chat", { replace: true });
  }, [navigate]);
  const follow = useCallback<Navigate>((target) => target.kind === "chat" && open(target.chatRoomId), [open]);
  return { hrefOf, open, backToList, follow };
}

function hrefOf(roomId: string): string {
  return `/chat/${encodeURIComponent(roomId)}`;
}

function readState(): HistoryState {
  return (history.state as HistoryState | null) ?? {};
}
