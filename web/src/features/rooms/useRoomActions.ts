import { useMemo } from "react";

import { toChatError } from "../../lib/api/chatError";
import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Room, User } from "../../realtime/types";
import { say } from "../../ui/snacks";
import { failureText } from "../preferences";
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
  const { t: general } = useTranslation();
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
        client.preferences.choose({ kind: "mute", roomId: room.id, until }).then(
          () => say(t(until === null ? "mute.undone" : "mute.done")),
          (cause: unknown) => say(failureText(toChatError(cause), general)),
        );
      },
    }),
    [client, t, general],
  );
}
