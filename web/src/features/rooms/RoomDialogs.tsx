import { use, type ReactNode } from "react";

import { useRoomsTranslation } from "../../lib/i18n/useRoomsTranslation";
import { useStore } from "../../lib/useStore";
import { nameOfRoom } from "../../realtime/roomName";
import type { Room, User } from "../../realtime/types";
import { say } from "../../ui/snacks";
import { RoomOpener } from "../people";
import { useChatClient } from "../session";
import { useRoomRequests } from "./useRoomRequests";
import { ConfirmDialog } from "./ConfirmDialog";
import { ReportForm } from "./ReportForm";

/** What is asked before it is done. */
export type RoomQuestion =
  | { readonly kind: "block" | "report" | "remove"; readonly room: Room; readonly person: User }
  | { readonly kind: "leave"; readonly room: Room };

interface RoomDialogsProps {
  readonly question: RoomQuestion;
  onClose(): void;
}

export function RoomDialogs({ question, onClose }: RoomDialogsProps): ReactNode {
  if (question.kind === "leave") return <LeaveDialog room={question.room} onClose={onClose} />;
  const { kind, room, person } = question;
  if (kind === "block") return <BlockDialog room={room} person={person} onClose={onClose} />;
  if (kind === "remove") return <RemoveDialog room={room} person={person} onClose={onClose} />;
  return <ReportForm subject={{ userId: person.id }} name={person.name} onClose={onClose} />;
}

interface PersonDialogProps {
  readonly room: Room;
  readonly person: User;
  onClose(): void;
}

function BlockDialog({ room, person, onClose }: PersonDialogProps): ReactNode {
  const client = useChatClient();
  const { t } = useRoomsTranslation();
  const { name } = person;
  const block = (): Promise<void> => {
    client.act(room.id, { kind: "block", userId: person.id, blocked: true });
    return Promise.resolve();
  };
  return (
    <ConfirmDialog
      title={t("block.title", { name })}
      texts={[t("block.text"), t("block.keeps", { name })]}
      confirm={t("block.confirm")}
      onConfirm={block}
      onClose={onClose}
    />
  );
}

function RemoveDialog({ room, person, onClose }: PersonDialogProps): ReactNode {
  const people = useRoomRequests();
  const { t } = useRoomsTranslation();
  const { name } = person;
  return (
    <ConfirmDialog
      title={t("remove.title", { name })}
      texts={[t("remove.text", { name })]}
      confirm={t("remove.confirm")}
      onConfirm={() => people.removeMember(room.id, person.id)}
      onClose={onClose}
    />
  );
}

function LeaveDialog({ room, onClose }: { readonly room: Room; onClose(): void }): ReactNode {
  const client = useChatClient();
  const opener = use(RoomOpener);
  const { t } = useRoomsTranslation();
  const me = useStore(client.me);
  const name = nameOfRoom(room, me);
  const leave = (): Promise<void> => {
    if (me === null) return Promise.resolve();
    opener?.leave(room.id);
    client.act(room.id, { kind: "leave", userId: me.id });
    say(t("leave.done", { name }));
    return Promise.resolve();
  };
  return (
    <ConfirmDialog
      title={t("leave.title", { name })}
      texts={[t("leave.text")]}
      confirm={t("leave.confirm")}
      onConfirm={leave}
      onClose={onClose}
    />
  );
}
