import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Avatar } from "../../ui/Avatar";
import { Chip } from "../desk/Chip";
import { Fact, Facts } from "../desk/Facts";
import { LoadedDetail } from "../desk/LoadedDetail";
import { FullMoment } from "../desk/Moment";
import { PersonLink } from "../desk/PersonLink";
import { useConsoleClient } from "../ConsoleClientContext";
import type { Room } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import { useLoaded } from "../useLoaded";
import { nameOfRoom } from "./nameOfRoom";

/** One room: what it is and who is in it. */
export function RoomDetail({ id, onClose }: { readonly id: string; onClose(): void }): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const loaded = useLoaded(
    id,
    async (signal) => (await client.request<Room>(`/api/admin/rooms/${encodeURIComponent(id)}`, { signal })).data,
  );
  return (
    <LoadedDetail title={t("console.rooms.one")} titleOf={titleOf} loaded={loaded} onClose={onClose}>
      {(room) => (
        <>
          <Facts>
            <Fact name={t("console.rooms.status")}>
              <Chip tone={room.status === "blocked" ? "danger" : "neutral"}>
                {t(`console.rooms.status.${room.status}`)}
              </Chip>
            </Fact>
            <Fact name={t("console.rooms.type")}>{t(`console.rooms.type.${room.type}`)}</Fact>
            <Fact name={t("console.rooms.messages")}>{room.lastSeq}</Fact>
            <Fact name={t("console.rooms.lastMessage")}>
              {room.lastMessageAt === null ? t("console.rooms.never") : <FullMoment at={room.lastMessageAt} />}
            </Fact>
            <Fact name={t("console.rooms.created")}>
              <FullMoment at={room.createdAt} />
            </Fact>
            <Fact name={t("console.rooms.id")}>{room.id}</Fact>
          </Facts>
          <RoomPeople room={room} />
          <p className="hc-desk__hint">{t("console.rooms.hint")}</p>
        </>
      )}
    </LoadedDetail>
  );
}

/** Of a title that is made of names, the first few. */
function titleOf(room: Room): string {
  return nameOfRoom({ ...room, people: room.people.slice(0, 5) });
}

function RoomPeople({ room }: { readonly room: Room }): ReactNode {
  const { t } = useConsoleTexts();
  const { t: common } = useTranslation();
  const heading = t("console.rooms.people", { count: room.memberIds.length });
  return (
    <section aria-label={heading}>
      <h3 className="hc-desk__heading">{heading}</h3>
      {room.people.length < room.memberIds.length && (
        <p className="hc-desk__hint">{t("console.rooms.firstPeople", { count: room.people.length })}</p>
      )}
      <ul className="hc-rooms__people">
        {room.people.map((person) => (
          <li key={person.id} className="hc-rooms__person">
            <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={32} />
            <PersonLink person={person} />
            <span className="hc-rooms__role">{common(`role.${person.role}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
