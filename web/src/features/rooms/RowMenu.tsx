import type { ReactNode } from "react";

import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import { nameOfRoom } from "../../realtime/roomName";
import type { Room, User } from "../../realtime/types";
import { PointMenu, type Point } from "../../ui/PointMenu";
import { RoomItems } from "./RoomItems";
import { useRoomQuestion } from "./useRoomQuestion";

interface RowMenuProps {
  readonly me: User | null;
  /** Of which conversation it was asked for, and where; null: of none. */
  readonly asked: { readonly room: Room; readonly at: Point } | null;
  onClose(): void;
}

/** The menu of a row of the list, and what is asked by it. */
export function RowMenu({ me, asked, onClose }: RowMenuProps): ReactNode {
  const { t } = useRoomActionTexts();
  const { ask, dialog } = useRoomQuestion();
  return (
    <>
      {asked !== null && (
        <PointMenu
          key={asked.room.id}
          label={t("room.menu", { name: nameOfRoom(asked.room, me) })}
          at={asked.at}
          onClose={onClose}
        >
          {(close) => <RoomItems room={asked.room} ask={ask} close={close} />}
        </PointMenu>
      )}
      {dialog}
    </>
  );
}
