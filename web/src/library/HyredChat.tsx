import "./styles";

import { useCallback, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";

import { useRouteFocus } from "../app/useRouteFocus";
import { ConnectionStatus } from "../features/connection";
import {
  Bell,
  ToastRegion,
  useBrowserNotifications,
  type Guide,
  type NavigationTarget,
} from "../features/notifications";
import { RoomOpener } from "../features/people";
import { Words } from "../features/rooms";
import { useTranslation } from "../lib/i18n/useTranslation";
import { ownKeys } from "../lib/ownKeys";
import { classNames } from "../ui/classNames";
import { EmptyState } from "../ui/EmptyState";
import { ChatIcon } from "../ui/icons";
import { ChatProvider, type ChatProviderProps } from "./ChatProvider";
import { ConversationPane } from "./ConversationPane";
import "./HyredChat.css";
import { Part } from "./Part";
import { PartBoundary } from "./PartBoundary";
import { RoomList } from "./RoomList";
import { useSearch } from "./useSearch";

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
  /** Whether “new conversation” offers to make a group: where the server lets this person (`HYRED_GROUPS`). */
  readonly canMakeGroups?: boolean;
}

/** Below this width of its own box the chat shows one pane at a time. */
const TWO_PANES_PX = 720;

/**
 * The whole chat in one element: the list and a conversation beside each other, or one at a time where the box is
 * narrow. It fills the height it is given, and never grows beyond the window.
 */
export function HyredChat(props: HyredChatProps): ReactNode {
  const { roomId, onRoomChange, hrefOf, onNavigate, maxMessageChars, canMakeGroups, ...connection } = props;
  return (
    <ChatProvider {...connection}>
      <PartBoundary>
        <Panes {...{ roomId, onRoomChange, hrefOf, onNavigate, maxMessageChars, canMakeGroups }} />
      </PartBoundary>
    </ChatProvider>
  );
}

type PanesProps = {
  readonly [Name in Exclude<keyof HyredChatProps, keyof ChatProviderProps>]: HyredChatProps[Name] | undefined;
};

function Panes({ roomId: given, onRoomChange, onNavigate, maxMessageChars, ...list }: PanesProps): ReactNode {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow(frame);
  const { roomId, show, opener } = useShownRoom(given, onRoomChange);
  const guide = useGuide(show, onNavigate);
  const search = useSearch(roomId, show);
  useRouteFocus(frame, roomId, isNarrow);
  useBrowserNotifications(guide.onNavigate);
  return (
    <RoomOpener value={opener}>
      <div
        ref={frame}
        className={classNames("hc-root hc-all", isNarrow && "hc-all--narrow", roomId !== null && "hc-all--in-room")}
        onKeyDown={ownKeys(search.onKeyDown)}
      >
        <div className="hc-all__list">
          <header className="hc-all__bar">
            <h2 className="hc-all__heading">{t("list.heading")}</h2>
            {search.button}
            <Part name="notifications">
              <Bell {...guide} />
            </Part>
          </header>
          <Part name="rooms">
            <RoomList selectedRoomId={roomId} onSelect={show} {...list} />
          </Part>
        </div>
        <div className="hc-all__conversation">
          {roomId === null ? (
            <Part name="none">
              <EmptyState icon={<ChatIcon size={26} />} title={t("list.chooseOne")} hint={t("list.chooseOneHint")} />
            </Part>
          ) : (
            <Part key={roomId} name="conversation">
              <ConversationPane
                roomId={roomId}
                onBack={() => show(null)}
                {...(maxMessageChars !== undefined && { maxMessageChars })}
              />
            </Part>
          )}
        </div>
        {/* In none of the panes, of which a narrow box hides one. */}
        {search.dialog}
        <ConnectionStatus />
        <Words />
        <ToastRegion currentRoomId={roomId} {...guide} />
      </div>
    </RoomOpener>
  );
}

/** Which conversation is shown: as the host says, else as was chosen last; and the ways to others. */
function useShownRoom(given: HyredChatProps["roomId"], onRoomChange: HyredChatProps["onRoomChange"]) {
  const [kept, setKept] = useState<string | null>(null);
  const roomId = given === undefined ? kept : given;
  const show = useCallback(
    (next: string | null): void => {
      setKept(next);
      onRoomChange?.(next);
    },
    [onRoomChange],
  );
  const opener = useMemo(
    () => ({ open: show, leave: (left: string) => left === roomId && show(null) }),
    [show, roomId],
  );
  return { roomId, show, opener };
}

/** Where notifications lead: to conversations here, and to what is the host's, where the host follows. */
function useGuide(show: (roomId: string) => void, onNavigate: HyredChatProps["onNavigate"]): Guide {
  return useMemo(
    () => ({
      onNavigate: (target) => (target.kind === "chat" ? show(target.chatRoomId) : onNavigate?.(target)),
      // Where the host does not follow, the notification of a job or a contract is no button.
      addressOf: ({ kind }) => (kind === "chat" || onNavigate !== undefined ? undefined : null),
    }),
    [show, onNavigate],
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
