import { useCallback, useState, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Room, User } from "../../realtime/types";
import { nameOfRoom } from "../../realtime/roomName";
import { PointMenu, type Point } from "../../ui/PointMenu";
import { RoomItems, useRoomQuestion } from "../rooms";

/** The menu of a row of the list: what opens it, and what is to be rendered beside the rows. */
export function useRowMenu(rooms: readonly Room[], me: User | null) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ readonly roomId: string; readonly at: Point } | null>(null);
  const open = useCallback((room: Room, at: Point) => setAsked({ roomId: room.id, at }), []);
  // As it is now: it may have been read, or be gone, since the menu was opened.
  const room = rooms.find(({ id }) => id === asked?.roomId);
  const { ask, dialog } = useRoomQuestion();
  const menu: ReactNode = asked !== null && room !== undefined && (
    <PointMenu
      key={asked.roomId}
      label={t("room.menu", { name: nameOfRoom(room, me) })}
      at={asked.at}
      onClose={() => setAsked(null)}
    >
      {(close) => <RoomItems room={room} ask={ask} close={close} />}
    </PointMenu>
  );
  return { open, menu, dialog };
}
