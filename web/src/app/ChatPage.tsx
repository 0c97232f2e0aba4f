import { useCallback, useMemo, useRef, useState, type ReactNode } from "react";

import { SharedFiles } from "../features/attaching";
import { ConnectionStatus } from "../features/connection";
import { ConversationView } from "../features/conversation";
import { ToastRegion, useBrowserNotifications, useUnreadTitle } from "../features/notifications";
import { NewConversationDialog, RoomOpener } from "../features/people";
import { usePush } from "../features/push";
import { Words } from "../features/rooms";
import { SearchDialog } from "../features/search";
import { useAppConfig, useChatClient, type AppConfig } from "../features/session";
import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore, useStoreSelector } from "../lib/useStore";
import { nameOfRoom } from "../realtime/roomName";
import { classNames } from "../ui/classNames";
import { phoneQuery, useMediaQuery, wideQuery } from "../ui/useMediaQuery";
import "./ChatPage.css";
import { ListPane } from "./ListPane";
import { NoConversation } from "./NoConversation";
import { ProfileDialog, ProfileColumn } from "./ProfileColumn";
import { useChatNavigation } from "./useChatNavigation";
import { useRouteFocus } from "./useRouteFocus";
import { useShortcut } from "./useShortcut";

interface ChatPageProps {
  readonly roomId: string | null;
  onSignOut(): void;
}

/** The chat: one pane on a phone, two on a desk, and the other person beside the conversation where there is room. */
export function ChatPage({ roomId, onSignOut }: ChatPageProps): ReactNode {
  const { t } = useTranslation();
  const isPhone = useMediaQuery(phoneQuery);
  const navigation = useChatNavigation(roomId);
  const { config } = useAppConfig();
  const maxMessageChars = config?.maxMessageChars;
  const canMakeGroups = useMayMakeGroups(config?.groups);
  // What to search for in the dialog of a new conversation; null while it is closed.
  const [newQuery, setNewQuery] = useState<string | null>(null);
  const [isSearching, setIsSearching] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const profile = useProfile(roomId);
  const hasProfile = useHasProfile(roomId);
  useUnreadTitle(useRoomName(roomId));
  useBrowserNotifications(navigation.guide.onNavigate);
  usePush(roomId, navigation.guide.onNavigate);
  useRouteFocus(frame, roomId, isPhone);
  const { open, backToList } = navigation;
  const { hide } = profile;
  const opener = useMemo(
    () => ({
      open: (next: string) => {
        hide();
        open(next);
      },
      leave: (left: string) => {
        if (left === roomId) backToList();
      },
    }),
    [open, backToList, hide, roomId],
  );
  const onNew = useCallback((query: string) => setNewQuery(query), []);
  const onSearch = useCallback(() => setIsSearching(true), []);
  useShortcut("k", onSearch);

  return (
    <RoomOpener value={opener}>
      <div
        ref={frame}
        className={classNames("hc-chat", roomId !== null && "hc-chat--in-room", hasProfile && "hc-chat--with-profile")}
      >
        <header>
          <h1 className="hc-hidden">{t("app.name")}</h1>
          <a className="hc-chat__skip" href="#conversation" onClick={skipToConversation}>
            {t("app.skipToMain")}
          </a>
        </header>
        <ListPane roomId={roomId} isMain={isPhone && roomId === null} {...{ navigation, onNew, onSearch, onSignOut }} />
        <div id="conversation" className="hc-chat__conversation">
          {roomId === null ? (
            <NoConversation isHidden={isPhone} />
          ) : (
            <ConversationView
              key={roomId}
              roomId={roomId}
              onBack={navigation.backToList}
              onShowProfile={profile.show}
              {...(maxMessageChars === undefined ? {} : { maxMessageChars })}
            />
          )}
        </div>
        {roomId !== null && hasProfile && profile.isWide && <ProfileColumn column={profile.column} roomId={roomId} />}
        {roomId !== null && hasProfile && profile.isOpen && <ProfileDialog roomId={roomId} onClose={profile.hide} />}
        {newQuery !== null && (
          <NewConversationDialog
            initialQuery={newQuery}
            canMakeGroups={canMakeGroups}
            onClose={() => setNewQuery(null)}
            onStarted={(started) => {
              setNewQuery(null);
              navigation.open(started);
            }}
          />
        )}
        {isSearching && (
          <SearchDialog
            onClose={() => setIsSearching(false)}
            onOpen={(found) => {
              setIsSearching(false);
              if (found !== roomId) navigation.open(found);
            }}
          />
        )}
        <SharedFiles onOpen={navigation.open} />
        <ConnectionStatus />
        <Words />
        <ToastRegion currentRoomId={roomId} {...navigation.guide} />
      </div>
    </RoomOpener>
  );
}

function useRoomName(roomId: string | null): string | null {
  const { rooms, me } = useChatClient();
  const room = useStoreSelector(rooms, (state) => state.rooms.find(({ id }) => id === roomId));
  const myself = useStore(me);
  return room === undefined ? null : nameOfRoom(room, myself);
}

/** Whether there is somebody to show beside the conversation; while the list is loading, there may be. */
function useHasProfile(roomId: string | null): boolean {
  const { rooms } = useChatClient();
  return useStoreSelector(
    rooms,
    (state) => roomId !== null && (state.phase === "loading" || state.rooms.some(({ id }) => id === roomId)),
  );
}

/** Whether the server lets somebody make groups. */
function useMayMakeGroups(makers: AppConfig["groups"] | undefined): boolean {
  const me = useStore(useChatClient().me);
  return me !== null && (makers === "everybody" || (makers === "companies" && me.role !== "va"));
}

/** The profile is a column on a wide screen, which gets focus when it is asked for, and a dialog on others. */
function useProfile(roomId: string | null) {
  const isWide = useMediaQuery(wideQuery);
  // For one conversation: another one is shown without it.
  const [asked, setAsked] = useState<string | null>(null);
  if (asked !== null && asked !== roomId) setAsked(null);
  const column = useRef<HTMLElement>(null);
  const show = useCallback(() => {
    if (isWide) column.current?.focus();
    else setAsked(roomId);
  }, [isWide, roomId]);
  const hide = useCallback(() => setAsked(null), []);
  return { isWide, isOpen: asked !== null && !isWide, column, show, hide };
}

/** The address stays: a fragment in it would be a step in history that leads nowhere. */
function skipToConversation(event: React.MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  const conversation = document.getElementById("conversation");
  const target = conversation?.querySelector<HTMLElement>("textarea") ?? conversation?.querySelector("main");
  target?.focus();
}
