import type { ReactNode } from "react";
import { formatAgo } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import type { Translate } from "../../lib/i18n/translate";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { ariaShortcut, describeShortcut } from "../../lib/shortcuts";
import { useStoreSelector } from "../../lib/useStore";
import type { ConversationState, Presence, Room, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { BackIcon, SearchIcon } from "../../ui/icons";
import { Skeleton } from "../../ui/Skeleton";
import { MutedMark } from "../preferences";
import { useChatClient } from "../session";
import "./ConversationHeader.css";
import { ConversationHeaderMenu } from "./ConversationHeaderMenu";
import { describeTyping } from "./typing";

interface ConversationHeaderProps {
  readonly state: ConversationState;
  readonly name: string;
  readonly onBack?: (() => void) | undefined;
  readonly onShowProfile?: (() => void) | undefined;
  /** To find something in this conversation. */
  readonly onSearch: () => void;
}

/** Who one talks with, and whether they are there. */
export function ConversationHeader(props: ConversationHeaderProps): ReactNode {
  const { state, name, onBack, onShowProfile, onSearch } = props;
  const { t } = useTranslation();
  const { room } = state;
  return (
    <header className="hc-conversation-header">
      {onBack !== undefined && (
        <IconButton className="hc-conversation-header__back" label={t("conversation.back")} onClick={onBack}>
          <BackIcon size={24} />
        </IconButton>
      )}
      {room === null ? (
        state.phase === "loading" && <HeaderSkeleton />
      ) : (
        <div className="hc-conversation-header__person">
          {onShowProfile !== undefined && (
            <button
              type="button"
              className="hc-conversation-header__profile"
              aria-label={t("conversation.profileOf", { name })}
              onClick={onShowProfile}
            />
          )}
          <PersonSummary state={state} room={room} name={name} />
        </div>
      )}
      <TypingStatus state={state} />
      {room !== null && (
        <IconButton
          className="hc-conversation-header__search"
          label={t("conversation.search", { keys: describeShortcut("f") })}
          aria-keyshortcuts={ariaShortcut("f")}
          onClick={onSearch}
        >
          <SearchIcon />
        </IconButton>
      )}
      {room !== null && <ConversationHeaderMenu key={room.id} room={room} />}
    </header>
  );
}

interface PersonSummaryProps {
  readonly state: ConversationState;
  readonly room: Room;
  readonly name: string;
}

function PersonSummary({ state, room, name }: PersonSummaryProps): ReactNode {
  const { t } = useTranslation();
  const other = room.otherParticipant;
  const presence = usePresence(other);
  const isTyping = state.typing.length > 0;
  return (
    <>
      <Avatar
        name={name}
        image={other?.avatar ?? null}
        colorKey={other?.id ?? room.id}
        size={40}
        presence={presence?.status ?? null}
      />
      <span className="hc-conversation-header__words">
        <span className="hc-conversation-header__title">
          <bdi className="hc-conversation-header__name hc-truncate">{name}</bdi>
          <MutedMark roomId={room.id} />
        </span>
        <span className="hc-conversation-header__detail hc-truncate">
          {isTyping ? (
            <span className="hc-conversation-header__typing">
              {room.members.length > 2 ? describeTyping(state, t) : t("list.typing")}
            </span>
          ) : (
            <Detail room={room} presence={presence} />
          )}
        </span>
      </span>
    </>
  );
}

function usePresence(other: User | null): Presence | null {
  const client = useChatClient();
  return useStoreSelector(client.rooms, ({ presence }) => (other === null ? null : (presence[other.id] ?? null)));
}

function Detail({ room, presence }: { readonly room: Room; readonly presence: Presence | null }): ReactNode {
  const { t, locale } = useTranslation();
  const now = useNow();
  const role = room.otherParticipant?.role ?? "group";
  if (role === "group") return t("conversation.members", { count: room.members.length });
  if (presence === null) return t(`role.${role}`);
  return (
    <>
      <span className="hc-conversation-header__role">{t(`role.${role}`)} · </span>
      {describePresence(presence, now, locale, t)}
    </>
  );
}

function describePresence(presence: Presence, now: number, locale: string, t: Translate): string {
  if (presence.online || presence.lastSeenAt === null) return t(`presence.${presence.status}`);
  return t("presence.lastSeen", { when: formatAgo(presence.lastSeenAt, now, locale) });
}

/** Says in words who is typing. Always there, so that screen readers hear it change. */
function TypingStatus({ state }: { readonly state: ConversationState }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="hc-hidden" role="status">
      {state.typing.length > 0 ? describeTyping(state, t) : ""}
    </span>
  );
}

function HeaderSkeleton(): ReactNode {
  return (
    <span className="hc-conversation-header__person">
      <Skeleton width={40} height={40} circle />
      <span className="hc-conversation-header__words">
        <Skeleton width={140} height={14} />
        <Skeleton width={90} height={11} />
      </span>
    </span>
  );
}
