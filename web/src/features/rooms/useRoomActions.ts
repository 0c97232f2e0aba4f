import { useMemo } from "react";

import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import type { Room, User } from "../../realtime/types";
import { say } from "../../ui/snacks";
import { useChatClient } from "../session";

export interface RoomActions {
  /** Says so, and offers to undo it. */
  archive(room: Room, archived: boolean): void;
  /** As unread to come back to, or as read up to its newest message. */
  setUnread(room: Room, unread: boolean): void;
  unblock(room: Pick<Room, "id">, person: User): void;
  /** Until when (ISO-8601); null ends it. */
  mute(room: Room, until: string | null): void;
}

/** What one does with conversations, with a word about it. */
export function useRoomActions(): RoomActions {
  const client = useChatClient();
  const { t } = useRoomActionTexts();
  return useMemo(
    () => ({
      archive: (room, archived) => {
        const act = (isArchived: boolean): void => {
          client.act(room.id, { kind: "archive", archived: isArchived, seq: room.lastSeq });
        };
        act(archived);
        say(t(archived ? "room.archived" : "room.unarchived"), { label: t("room.undo"), run: () => act(!archived) });
      },
      setUnread: (room, unread) => {
        if (unread) client.act(room.id, { kind: "markUnread", unread });
        else client.markRoomRead(room.id);
      },
      unblock: (room, person) => {
        client.act(room.id, { kind: "block", userId: person.id, blocked: false });
        say(t("room.unblocked", { name: person.name }));
      },
      mute: (room, until) => {
        client.act(room.id, { kind: "mute", until });
        say(t(until === null ? "mute.undone" : "mute.done"));
      },
    }),
    [client, t],
  );
}
