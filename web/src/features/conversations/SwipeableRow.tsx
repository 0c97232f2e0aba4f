import { lazy, memo, Suspense, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { ArchiveIcon, ChatIcon, UnreadIcon } from "../../ui/icons";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { useRoomActions } from "../rooms";
import { ConversationRow, type ConversationRowProps } from "./ConversationRow";
import { isUnread } from "./roomFilters";

/** For fingers alone: where there are none it is not loaded, and where it cannot be had rows do without. */
const Swipeable = lazy(() =>
  import("../../ui/Swipeable").then(
    (module) => ({ default: module.Swipeable }),
    () => ({ default: ({ children }: { readonly children: ReactNode }) => children }),
  ),
);

/** A row of the list that a finger can push aside: to the left into the archive or out of it, to the right to mark it. */
export const SwipeableRow = memo(function SwipeableRow(props: ConversationRowProps): ReactNode {
  const { room } = props;
  const { t } = useTranslation();
  const actions = useRoomActions();
  const unread = isUnread(room);
  const row = <ConversationRow {...props} />;
  if (!useMediaQuery("(pointer: coarse)")) return row;
  return (
    <Suspense fallback={row}>
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
        {row}
      </Swipeable>
    </Suspense>
  );
});
