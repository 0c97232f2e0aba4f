import "./styles";

import { useCallback, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";

import { ProfileDialog } from "../app/ProfileColumn";
import { RoomOpener } from "../features/people";
import { useRouteFocus } from "../app/useRouteFocus";
import type { NavigationTarget } from "../features/notifications";
import { useTranslation } from "../lib/i18n/useTranslation";
import { classNames } from "../ui/classNames";
import { EmptyState } from "../ui/EmptyState";
import { ChatIcon } from "../ui/icons";
import { ChatInterface } from "./ChatInterface";
import { ChatProvider, type ChatProviderProps } from "./ChatProvider";
import { ChatRoomList } from "./ChatRoomList";
import "./HyredChat.css";
import { Part } from "./Part";
import { RealTimeNotifications } from "./RealTimeNotifications";

export interface HyredChatProps extends Omit<ChatProviderProps, "children"> {
  /** The conversation that is shown, null for none. Without it, the chat keeps that itself. */
  readonly roomId?: string | null;
  /** A conversation was chosen, or left (null). A host that gives `roomId` changes it here. */
  readonly onRoomChange?: (roomId: string | null) => void;
  /** The address of a room on the host's site, so that it can be opened in a new tab. */
  readonly hrefOf?: (roomId: string) => string;
  /** A notification of something of the host's, a job or a contract, was chosen. */
  readonly onNavigate?: (target: Exclude<NavigationTarget, { readonly kind: "chat" }>) => void;
  /** The code points of the longest message, if the server allows other than 1,000. */
  readonly maxMessageChars?: number;
}

/** Below this width of its own box the chat shows one pane at a time. */
const TWO_PANES_PX = 720;

/**
 * The whole chat in one element: the list and a conversation beside each other, or one at a time where the box is
 * narrow. It fills the height it is given, and never grows beyond the window.
 */
export function HyredChat({
  roomId,
  onRoomChange,
  hrefOf,
  onNavigate,
  maxMessageChars,
  ...connection
}: HyredChatProps) {
  return (
    <ChatProvider {...connection}>
      <Panes {...{ roomId, onRoomChange, hrefOf, onNavigate, maxMessageChars }} />
    </ChatProvider>
  );
}

type PanesProps = {
  readonly [Name in Exclude<keyof HyredChatProps, keyof ChatProviderProps>]: HyredChatProps[Name] | undefined;
};

function Panes({ roomId: given, onRoomChange, hrefOf, onNavigate, maxMessageChars }: PanesProps): ReactNode {
  const { t } = useTranslation();
  const [kept, setKept] = useState<string | null>(null);
  const roomId = given === undefined ? kept : given;
  const frame = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow(frame);
  const [isProfileOpen, setIsProfileOpen] = useState(false);
  useRouteFocus(frame, roomId, isNarrow);
  const show = useCallback(
    (next: string | null): void => {
      setIsProfileOpen(false);
      setKept(next);
      onRoomChange?.(next);
    },
    [onRoomChange],
  );
  const opener = useMemo(
    () => ({ open: show, leave: (left: string) => left === roomId && show(null) }),
    [show, roomId],
  );
  const follow = useCallback(
    (target: NavigationTarget) => (target.kind === "chat" ? show(target.chatRoomId) : onNavigate?.(target)),
    [show, onNavigate],
  );
  // A job or a contract is the host's: where the host does not follow, its notification is no button.
  const addressOf = ({ kind }: NavigationTarget): null | undefined =>
    kind === "chat" || onNavigate !== undefined ? undefined : null;
  return (
    <RoomOpener value={opener}>
      <div
        ref={frame}
        className={classNames("hc-root hc-all", isNarrow && "hc-all--narrow", roomId !== null && "hc-all--in-room")}
      >
        <div className="hc-all__list">
          <header className="hc-all__bar">
            <h2 className="hc-all__heading">{t("list.heading")}</h2>
            <RealTimeNotifications currentRoomId={roomId} onNavigate={follow} addressOf={addressOf} />
          </header>
          <ChatRoomList selectedRoomId={roomId} onSelect={show} {...(hrefOf && { hrefOf })} />
        </div>
        <div className="hc-all__conversation">
          {roomId === null ? (
            <Part name="none">
              <EmptyState icon={<ChatIcon size={26} />} title={t("list.chooseOne")} hint={t("list.chooseOneHint")} />
            </Part>
          ) : (
            <ChatInterface
              key={roomId}
              roomId={roomId}
              onBack={() => show(null)}
              onShowProfile={() => setIsProfileOpen(true)}
              {...(maxMessageChars !== undefined && { maxMessageChars })}
            />
          )}
        </div>
        {roomId !== null && isProfileOpen && <ProfileDialog roomId={roomId} onClose={() => setIsProfileOpen(false)} />}
      </div>
    </RoomOpener>
  );
}

/** Whether the chat's own box has room for one pane only. A host may give it a narrow column of a wide window. */
function useIsNarrow(frame: RefObject<HTMLElement | null>): boolean {
  const [isNarrow, setIsNarrow] = useState(false);
  // Before anything is painted, so that nobody sees the other layout first.
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const look = (): void => setIsNarrow(element.clientWidth < TWO_PANES_PX);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return isNarrow;
}
