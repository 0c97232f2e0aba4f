import { memo, useSyncExternalStore, type FocusEvent, type MouseEvent, type ReactNode } from "react";

import { formatFull, formatShort } from "../../lib/format/dates";
import { formatBadge } from "../../lib/format/numbers";
import { useNow } from "../../lib/format/useNow";
import type { Translate } from "../../lib/i18n/translate";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { directionOf } from "../../lib/text/isolation";
import type { PresenceStatus, Room, User, WaitingMessage } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { classNames } from "../../ui/classNames";
import type { Point } from "../../ui/PointMenu";
import { useMenuRequest } from "../../ui/useMenuRequest";
import { StatusIcon } from "../conversation";
import { FilesMark, useWaitingFiles } from "../files";
import { MutedMark } from "../preferences";
import { useSystemText } from "../rooms";
import { useChatClient } from "../session";
import { usePlain } from "../writing";
import "./ConversationRow.css";
import { previewOf } from "./preview";
import { nameOfRoom } from "../../realtime/roomName";

export interface ConversationRowProps {
  readonly room: Room;
  readonly me: User | null;
  readonly presence: PresenceStatus | null;
  readonly typing: readonly string[];
  /** What stands last in the conversation, when it is not on the server. */
  readonly waiting: WaitingMessage | null;
  readonly isCurrent: boolean;
  /** Whether Tab leads to this row; the arrow keys lead to the others. */
  readonly isTabStop: boolean;
  readonly href: string;
  onOpen(roomId: string): void;
  onFocus(roomId: string): void;
  /** Its menu is asked for, at a point of the window. */
  onMenu(room: Room, at: Point): void;
}

/** One conversation of the list: a link, so that it opens in a new tab, too. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps): ReactNode {
  const { room, me, presence, typing, waiting, isCurrent, isTabStop, href, onOpen, onFocus, onMenu } = props;
  const { t, locale } = useTranslation();
  const now = useNow();
  const name = nameOfRoom(room, me);
  const other = room.otherParticipant;
  const role = other === null ? null : t(`role.${other.role}`);
  const draft = useDraftOf(room.id);
  const plain = usePlain(`${draft}\n${waiting?.content ?? room.lastMessage?.content ?? ""}`);
  const event = useSystemText(room.lastMessage?.metadata ?? null);
  const waitingFiles = useWaitingFiles(waiting);
  const preview = previewOf(room, { typing, waiting, waitingFiles, draft: isCurrent ? "" : draft, plain, event, t });
  const moment = waiting?.createdAt ?? room.lastMessage?.createdAt ?? room.lastMessageAt;
  const time = moment === null ? null : formatShort(moment, now, { locale, t });
  const unread = describeUnread(room, t);
  const menu = useMenuRequest((at) => onMenu(room, at));

  return (
    <a
      className={classNames("hc-row", isCurrent && "hc-row--current", unread !== null && "hc-row--unread")}
      href={href}
      aria-description={presence === "online" ? t("presence.online") : undefined}
      aria-current={isCurrent ? "page" : undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-room={room.id}
      onClick={(event) => openHere(event, () => onOpen(room.id))}
      onFocus={(event: FocusEvent) => event.target === event.currentTarget && onFocus(room.id)}
      {...menu}
    >
      <Avatar name={name} image={other?.avatar ?? null} colorKey={other?.id ?? room.id} size={48} presence={presence} />
      <span className="hc-row__words">
        <span className="hc-row__line">
          <bdi className="hc-row__name hc-truncate">{name}</bdi>
          <Pause />
          <MutedMark roomId={room.id} />
          {moment !== null && (
            <time className="hc-row__time" dateTime={moment} title={formatFull(moment, locale)}>
              {time}
            </time>
          )}
        </span>
        <Pause />
        {role !== null && <span className="hc-row__role hc-truncate">{role}</span>}
        <Pause />
        <span className="hc-row__line">
          {/* Another kind is another element: no text slides aside when a mark comes before it. */}
          <span
            key={preview.kind}
            className={classNames("hc-row__preview", `hc-row__preview--${preview.kind}`, "hc-truncate")}
            dir={directionOf(preview.text)}
          >
            {preview.state !== undefined && <StatusIcon state={preview.state} />}
            {preview.files && <FilesMark files={preview.files} />}
            {preview.text}
          </span>
          {unread !== null && (
            <>
              <span
                className={classNames("hc-row__badge", room.unreadCount === 0 && "hc-row__badge--mark")}
                aria-hidden="true"
              >
                {room.unreadCount > 0 && formatBadge(room.unreadCount, locale)}
              </span>
              <span className="hc-hidden">, {unread}</span>
            </>
          )}
        </span>
      </span>
    </a>
  );
});

/** How much is unread there, or that it is to be read later. */
function describeUnread({ unreadCount, markedUnread }: Room, t: Translate): string | null {
  if (unreadCount > 0) return t("list.unread", { count: unreadCount });
  return markedUnread ? t("list.markedUnread") : null;
}

/** What was begun there, here or in another tab. */
function useDraftOf(roomId: string): string {
  const { drafts } = useChatClient();
  return useSyncExternalStore(drafts.subscribe, () => drafts.get(roomId));
}

/** What stands apart on the screen is apart when it is read aloud, too. */
function Pause(): ReactNode {
  return <span className="hc-hidden">, </span>;
}

/** A plain click opens here; with a key that asks for a tab or window, the browser does what it always does. */
function openHere(event: MouseEvent, open: () => void): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open();
}
