import { useRef, type ReactNode } from "react";

import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore, useStoreSelector } from "../../lib/useStore";
import type { Room } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { nameOfRoom } from "../../realtime/roomName";
import { useChatClient } from "../session";
import { describeMute } from "./describeMute";
import { usePreferencesTranslation } from "./usePreferencesTranslation";

interface MutedRoomsProps {
  /** Room id to until when. */
  readonly mutedRooms: Readonly<Record<string, string>>;
  onUnmute(roomId: string): void;
}

export function MutedRooms({ mutedRooms, onUnmute }: MutedRoomsProps): ReactNode {
  const { t } = usePreferencesTranslation();
  const now = useNow();
  const rooms = useStoreSelector(useChatClient().rooms, (state) => state.rooms);
  const heading = useRef<HTMLHeadingElement>(null);
  const muted = Object.entries(mutedRooms).filter(([, until]) => Date.parse(until) > now);
  const unmute = (roomId: string): void => {
    // The button goes; focus would go with it.
    heading.current?.focus();
    onUnmute(roomId);
  };
  return (
    <section className="hc-preferences__section">
      <h3 ref={heading} className="hc-preferences__heading" tabIndex={-1}>
        {t("preferences.muted")}
      </h3>
      {muted.length === 0 && <p className="hc-preferences__hint">{t("preferences.noneMuted")}</p>}
      <ul>
        {muted.map(([roomId, until]) => (
          <MutedRoom
            key={roomId}
            room={rooms.find(({ id }) => id === roomId) ?? null}
            until={until}
            onUnmute={() => unmute(roomId)}
          />
        ))}
      </ul>
    </section>
  );
}

interface MutedRoomProps {
  /** Null when it is not among those that were loaded. */
  readonly room: Room | null;
  readonly until: string;
  onUnmute(): void;
}

function MutedRoom({ room, until, onUnmute }: MutedRoomProps): ReactNode {
  const { t: translate, locale } = useTranslation();
  const { t } = usePreferencesTranslation();
  const now = useNow();
  const other = room?.otherParticipant ?? null;
  const me = useStore(useChatClient().me);
  const name = room === null ? t("preferences.unknownRoom") : nameOfRoom(room, me);
  return (
    <li className="hc-preferences__room">
      <Avatar name={name} image={other?.avatar ?? null} colorKey={other?.id ?? room?.id ?? name} size={36} />
      <span className="hc-preferences__room-words">
        <bdi className="hc-truncate">{name}</bdi>
        <span className="hc-preferences__hint">{describeMute(until, now, { locale, t: translate })}</span>
      </span>
      <Button size="small" aria-label={t("preferences.unmuteOf", { name })} onClick={onUnmute}>
        {t("preferences.unmute")}
      </Button>
    </li>
  );
}
