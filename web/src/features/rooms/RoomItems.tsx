import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Room } from "../../realtime/types";
import { ArchiveIcon, ChatIcon, UnreadIcon } from "../../ui/icons";
import { MenuItem } from "../../ui/MenuItem";
import { MuteItems } from "../preferences";
import { useRoomActions } from "./useRoomActions";

interface RoomItemsProps {
  readonly room: Room;
  /** Called before anything is done: the menu's work is over. */
  close(): void;
}

/** What can be done with a conversation as a whole: the inside of its menus. */
export function RoomItems({ room, close }: RoomItemsProps): ReactNode {
  const { t } = useTranslation();
  const actions = useRoomActions();
  const isUnread = room.unreadCount > 0 || room.markedUnread;
  const closing = (act: () => void) => () => {
    close();
    act();
  };
  return (
    <>
      <div className="hc-menu__group">
        <MenuItem
          icon={isUnread ? <ChatIcon size={18} /> : <UnreadIcon size={18} />}
          onSelect={closing(() => actions.setUnread(room, !isUnread))}
        >
          {t(isUnread ? "room.markRead" : "room.markUnread")}
        </MenuItem>
        <MenuItem icon={<ArchiveIcon size={18} />} onSelect={closing(() => actions.archive(room, !room.archived))}>
          {t(room.archived ? "room.unarchive" : "room.archive")}
        </MenuItem>
      </div>
      <MuteItems roomId={room.id} onChoose={(until) => closing(() => actions.mute(room, until))()} />
    </>
  );
}
