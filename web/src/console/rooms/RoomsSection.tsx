import { type ReactNode } from "react";
import { Link } from "wouter";

import { Chip } from "../desk/Chip";
import { Moment } from "../desk/Moment";
import { SectionPane } from "../desk/Pane";
import { RecordTable, type Column } from "../desk/RecordTable";
import { useChosen } from "../desk/useChosen";
import { useConsoleClient } from "../ConsoleClientContext";
import { usePlace, type Place } from "../places";
import type { Room } from "../types";
import { useConsoleTexts, type TranslateConsole } from "../useConsoleTexts";
import { PAGE, usePages } from "../usePages";
import { RoomDetail } from "./RoomDetail";
import { nameOfRoom } from "./nameOfRoom";
import "./RoomsSection.css";

/** Rooms, of everybody or of one person, and who is in them. What is said there is not shown. */
export function RoomsSection(): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const place = usePlace("rooms");
  const { id, close } = useChosen(place);
  const member = place.get("member");
  const pages = usePages<Room>(`rooms ${member ?? ""}`, (cursor, signal) =>
    client.request("/api/admin/rooms", { query: { memberId: member ?? undefined, limit: PAGE, cursor }, signal }),
  );
  return (
    <SectionPane
      title={t("console.section.rooms")}
      onRefresh={pages.reload}
      filters={member !== null && <MemberFilter place={place} member={member} rooms={pages.rows} />}
      list={
        <RecordTable
          label={t("console.section.rooms")}
          columns={columnsOf(t)}
          pages={pages}
          idOf={(room) => room.id}
          addressOf={(room) => place.with({ id: room.id })}
          chosenId={id}
          empty={{ title: t("console.rooms.none") }}
        />
      }
      detail={id === null ? null : <RoomDetail key={id} id={id} onClose={close} />}
    />
  );
}

interface MemberFilterProps {
  readonly place: Place;
  readonly member: string;
  readonly rooms: readonly Room[];
}

/** Whose rooms are listed, by name where one of the rooms tells it. */
function MemberFilter({ place, member, rooms }: MemberFilterProps): ReactNode {
  const { t } = useConsoleTexts();
  const person = rooms.flatMap(({ people }) => people).find(({ id }) => id === member);
  return (
    <p className="hc-rooms__filter">
      {t("console.rooms.of", { name: person?.name ?? member })}
      <Link href={place.with({ member: null, id: null })} className="hc-link">
        {t("console.rooms.all")}
      </Link>
    </p>
  );
}

function columnsOf(t: TranslateConsole): readonly Column<Room>[] {
  return [
    {
      key: "name",
      heading: t("console.rooms.name"),
      cell: (room) => (
        <>
          <span className="hc-records__main">
            <bdi>{nameOfRoom(room)}</bdi>
          </span>
          <span className="hc-records__sub">
            {t(`console.rooms.type.${room.type}`)}
            {room.type !== "direct" && ` · ${t("console.rooms.people", { count: room.memberIds.length })}`}
          </span>
        </>
      ),
    },
    {
      key: "messages",
      heading: t("console.rooms.messages"),
      cell: (room) => room.lastSeq,
      isExtra: true,
    },
    {
      key: "status",
      heading: t("console.rooms.status"),
      cell: (room) => (
        <Chip tone={room.status === "blocked" ? "danger" : "neutral"}>{t(`console.rooms.status.${room.status}`)}</Chip>
      ),
    },
    {
      key: "when",
      heading: t("console.rooms.lastMessage"),
      cell: (room) => (room.lastMessageAt === null ? null : <Moment at={room.lastMessageAt} />),
    },
  ];
}
