import type { ReactNode } from "react";

import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import type { Room } from "../../realtime/types";
import { ArchiveIcon, BlockIcon, ChatIcon, FlagIcon, SignOutIcon, UnreadIcon } from "../../ui/icons";
import { MenuItem } from "../../ui/MenuItem";
import { MuteItems } from "./MuteItems";
import type { RoomQuestion } from "./RoomDialogs";
import { useRoomActions } from "./useRoomActions";

interface RoomItemsProps {
  readonly room: Room;
  /** Asks before something that others notice is done. */
  ask(question: RoomQuestion): void;
  /** Called before anything is done: the menu's work is over. */
  close(): void;
}

/** What can be done with a conversation as a whole: the inside of its menus. */
export function RoomItems({ room, ask, close }: RoomItemsProps): ReactNode {
  const { t } = useRoomActionTexts();
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
      <PeopleItems room={room} ask={(question) => closing(() => ask(question))()} close={close} />
    </>
  );
}

/** What keeps people apart. Nobody blocks the service's own people, and nobody reports a group: its members are people. */
function PeopleItems({ room, ask, close }: RoomItemsProps): ReactNode {
  const { t } = useRoomActionTexts();
  const actions = useRoomActions();
  const other = room.type === "group" ? null : room.otherParticipant;
  if (room.type === "group") {
    return (
      <div className="hc-menu__group">
        <MenuItem icon={<SignOutIcon size={18} />} tone="danger" onSelect={() => ask({ kind: "leave", room })}>
          {t("room.leave")}
        </MenuItem>
      </div>
    );
  }
  if (other === null || other.role === "admin") return null;
  const isBlocked = room.blockedBy === "me";
  const unblock = (): void => {
    close();
    actions.unblock(room, other);
  };
  return (
    <div className="hc-menu__group">
      <MenuItem icon={<FlagIcon size={18} />} onSelect={() => ask({ kind: "report", room, person: other })}>
        {t("room.report")}
      </MenuItem>
      <MenuItem
        icon={<BlockIcon size={18} />}
        tone={isBlocked ? "neutral" : "danger"}
        onSelect={isBlocked ? unblock : () => ask({ kind: "block", room, person: other })}
      >
        {t(isBlocked ? "room.unblock" : "room.block")}
      </MenuItem>
    </div>
  );
}
