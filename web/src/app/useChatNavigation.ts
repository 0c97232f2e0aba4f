import { useCallback, useMemo } from "react";
import { useLocation } from "wouter";

import { pageOf, type Guide, type NavigationTarget } from "../features/notifications";
import { useAppConfig } from "../features/session";

export interface ChatNavigation {
  hrefOf(roomId: string): string;
  open(roomId: string): void;
  /** To the list: back in history where one came from there, so that the back gesture and this button agree. */
  backToList(): void;
  /** To what a notification tells of: a conversation, or a page of the marketplace where the server knows its address. */
  readonly guide: Guide;
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
  return { hrefOf, open, backToList, guide: useGuide(open) };
}

function useGuide(open: (roomId: string) => void): Guide {
  const { config } = useAppConfig();
  return useMemo(() => {
    const addressOf = (target: NavigationTarget) => pageOf(target, config ?? { jobUrl: null, contractUrl: null });
    const onNavigate = (target: NavigationTarget): void => {
      const address = addressOf(target);
      if (target.kind === "chat") open(target.chatRoomId);
      // It was clicked in the browser's own notification, outside this page, which stays as it is.
      else if (typeof address === "string") window.open(address, "_blank", "noopener");
    };
    return { addressOf, onNavigate };
  }, [config, open]);
}

function hrefOf(roomId: string): string {
  return `/chat/${encodeURIComponent(roomId)}`;
}

function readState(): HistoryState {
  return (history.state as HistoryState | null) ?? {};
}
