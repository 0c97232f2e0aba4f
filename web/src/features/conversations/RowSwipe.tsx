import type { ReactNode } from "react";

import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import type { Room } from "../../realtime/types";
import { ArchiveIcon, ChatIcon, UnreadIcon } from "../../ui/icons";
import { Swipeable } from "../../ui/Swipeable";
import { useRoomActions } from "../rooms/useRoomActions";
import { isUnread } from "./roomFilters";

interface RowSwipeProps {
  readonly room: Room;
  readonly children: ReactNode;
}

/** What a finger does that pushes a row aside: to the left into the archive or out of it, to the right to mark it. */
export function RowSwipe({ room, children }: RowSwipeProps): ReactNode {
  const { t } = useRoomActionTexts();
  const actions = useRoomActions();
  const unread = isUnread(room);
  return (
    <Swipeable
      toLeft={{
        icon: <ArchiveIcon />,
        label: t(room.archived ? "room.unarchiveShort" : "room.archive"),
        run: () => actions.archive(room, !room.archived),
      }}
      toRight={{
        icon: unread ? <ChatIcon /> : <UnreadIcon />,
        label: t(unread ? "room.readShort" : "room.unreadShort"),
        run: () => actions.setUnread(room, !unread),
      }}
    >
      {children}
    </Swipeable>
  );
}
