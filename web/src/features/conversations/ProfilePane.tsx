import type { ReactNode } from "react";

import { formatDay } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStoreSelector } from "../../lib/useStore";
import type { Presence, Room, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { useStore } from "../../lib/useStore";
import { useChatClient } from "../session";
import "./ProfilePane.css";
import { nameOfRoom, othersIn } from "../../realtime/roomName";
import { usePresenceText } from "./usePresenceText";

interface ProfilePaneProps {
  readonly roomId: string;
}

/** Who one is talking with: the content of the third pane, and of a dialog where there is no room for one. */
export function ProfilePane({ roomId }: ProfilePaneProps): ReactNode {
  const client = useChatClient();
  const me = useStore(client.me);
  const room = useStoreSelector(client.rooms, (state) => state.rooms.find(({ id }) => id === roomId) ?? null);
  const otherId = room?.otherParticipant?.id ?? "";
  const presence = useStoreSelector(client.rooms, (state) => state.presence[otherId]);
  if (room === null) return null;
  return <Profile room={room} me={me} presence={presence} />;
}

interface ProfileProps {
  readonly room: Room;
  readonly me: User | null;
  readonly presence: Presence | undefined;
}

function Profile({ room, me, presence }: ProfileProps): ReactNode {
  const name = nameOfRoom(room, me);
  const other = room.otherParticipant;
  const status = usePresenceText(presence);
  return (
    <div className="hc-profile">
      <Avatar
        name={name}
        image={other?.avatar ?? null}
        colorKey={other?.id ?? room.id}
        size={88}
        presence={presence?.status ?? null}
      />
      <p className="hc-profile__name" dir="auto">
        {name}
      </p>
      <p className="hc-profile__role">{useRoleText(room)}</p>
      <p className="hc-profile__status">{status}</p>
      <Facts room={room} />
      {room.members.length > 2 && <Members members={othersIn(room, me)} />}
    </div>
  );
}

/** What somebody is; of a group, how many they are. */
function useRoleText({ otherParticipant, members }: Room): string {
  const { t } = useTranslation();
  const role = otherParticipant?.role ?? "group";
  return role === "group" ? t("conversation.members", { count: members.length }) : t(`role.${role}`);
}

function Facts({ room }: { readonly room: Room }): ReactNode {
  const { t, locale } = useTranslation();
  const now = useNow();
  return (
    <dl className="hc-profile__facts">
      <Fact label={t("profile.since")} value={formatDay(room.createdAt, now, { locale, t })} />
    </dl>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div className="hc-profile__fact">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Members({ members }: { readonly members: readonly User[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="hc-profile__members">
      <h3 className="hc-profile__heading">{t("profile.members")}</h3>
      <ul>
        {members.map((member) => (
          <li key={member.id} className="hc-profile__member">
            <Avatar name={member.name} image={member.avatar} colorKey={member.id} size={32} />
            <bdi className="hc-truncate">{member.name}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
