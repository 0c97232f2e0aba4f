import type { ReactNode } from "react";
import { formatFull, formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { nameOfRoom } from "../../realtime/roomName";
import type { FoundMessage, Room, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { classNames } from "../../ui/classNames";
import { Spinner } from "../../ui/Spinner";
import { useChatClient } from "../session";
import { Excerpt } from "./Excerpt";
import type { Option } from "./options";
import { useSearchTexts } from "./useSearchTexts";

interface OptionRowProps {
  readonly id: string;
  readonly option: Option;
  readonly isActive: boolean;
  readonly isLoadingMore: boolean;
  onChoose(): void;
}

export function OptionRow({ id, option, isActive, isLoadingMore, onChoose }: OptionRowProps): ReactNode {
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={classNames("hc-option", isActive && "hc-option--active")}
      // The field keeps the keyboard.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {option.kind === "room" && <RoomOption room={option.room} />}
      {option.kind === "person" && <PersonOption person={option.person} />}
      {option.kind === "message" && <MessageOption found={option.found} />}
      {option.kind === "more" && <MoreOption isLoading={isLoadingMore} />}
    </div>
  );
}

function RoomOption({ room }: { readonly room: Room }): ReactNode {
  const name = nameOfRoom(room, useStore(useChatClient().me));
  const other = room.otherParticipant;
  return (
    <Named name={name} image={other?.avatar ?? null} colorKey={other?.id ?? room.id} role={other?.role ?? "group"} />
  );
}

function PersonOption({ person }: { readonly person: User }): ReactNode {
  return <Named name={person.name} image={person.avatar} colorKey={person.id} role={person.role} />;
}

interface NamedProps {
  readonly name: string;
  readonly image: string | null;
  readonly colorKey: string;
  readonly role: User["role"];
}

function Named({ name, role, ...face }: NamedProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Avatar name={name} {...face} size={36} />
      <span className="hc-option__words">
        <bdi className="hc-option__name hc-truncate">{name}</bdi>
        <span className="hc-option__detail">{t(`role.${role}`)}</span>
      </span>
    </>
  );
}

function MessageOption({ found }: { readonly found: FoundMessage }): ReactNode {
  const { t } = useSearchTexts();
  const { t: general, locale } = useTranslation();
  const client = useChatClient();
  const me = useStore(client.me);
  const { rooms } = useStore(client.rooms);
  const now = useNow();
  const { message, room } = found;
  const { sender, isOwn, createdAt } = message;
  const known = rooms.find(({ id }) => id === room.id);
  const name = known ? nameOfRoom(known, me) : (room.title ?? room.otherParticipant?.name ?? "");
  const from = isOwn ? t("search.you") : sender.name;
  // In a room of two, the other person's name is the room's.
  const title = from === name ? name : t("search.inRoom", { sender: from, room: name });
  return (
    <>
      <Avatar name={sender.name} image={sender.avatar} colorKey={sender.id} size={36} />
      <span className="hc-option__words">
        <span className="hc-option__line">
          <span className="hc-option__name hc-truncate">{title}</span>
          <time className="hc-option__time" dateTime={createdAt} title={formatFull(createdAt, locale)}>
            {formatShort(createdAt, now, { locale, t: general })}
          </time>
        </span>
        <Excerpt found={found} />
      </span>
    </>
  );
}

function MoreOption({ isLoading }: { readonly isLoading: boolean }): ReactNode {
  const { t } = useSearchTexts();
  return (
    <span className="hc-option__more">
      {isLoading && <Spinner size={18} />}
      {t(isLoading ? "search.loadingMore" : "search.more")}
    </span>
  );
}
