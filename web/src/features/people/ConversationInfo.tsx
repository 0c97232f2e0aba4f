import { useEffect, useRef, useState, type ReactNode } from "react";

import { formatDay } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore, useStoreSelector } from "../../lib/useStore";
import { nameOfRoom } from "../../realtime/roomName";
import type { ConversationState, Profile, Room, User } from "../../realtime/types";
import { GroupPicture } from "../picture";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { useChatClient } from "../session";
import { AddPeople } from "./AddPeople";
import "./ConversationInfo.css";
import { EndActions } from "./EndActions";
import { Fact } from "./Fact";
import { mayManage } from "./groupRules";
import { Members } from "./Members";
import { PersonDialog } from "./PersonDialog";
import { PersonHead } from "./PersonHead";
import { Pins } from "./Pins";
import { QuickActions } from "./QuickActions";
import { RenameGroup } from "./RenameGroup";
import { SentFiles } from "./SentFiles";
import { usePeopleTexts } from "./usePeopleTexts";
import { useProfile } from "./useProfile";
import { useRoomConversation } from "./useRoomConversation";
import { WorkFacts } from "./WorkFacts";

export interface ConversationInfoProps {
  readonly roomId: string;
  /** Finds something in the conversation; without it, that is not offered. */
  readonly onSearch?: () => void;
  /** Something here leads to a message. */
  onLead(): void;
}

/** What a conversation is, and what one can do with it: a pane beside it, or a dialog where there is no room for one. */
export function ConversationInfo({ roomId, ...rest }: ConversationInfoProps): ReactNode {
  const client = useChatClient();
  const room = useStoreSelector(client.rooms, (state) => state.rooms.find(({ id }) => id === roomId) ?? null);
  if (room === null) return null;
  return <KnownConversation key={roomId} room={room} {...rest} />;
}

interface KnownConversationProps extends Omit<ConversationInfoProps, "roomId"> {
  readonly room: Room;
}

function KnownConversation({ room, onSearch, onLead }: KnownConversationProps): ReactNode {
  const me = useStore(useChatClient().me);
  const state = useRoomConversation(room.id);
  const [task, setTask] = useState<"rename" | "add" | null>(null);
  const [personId, setPersonId] = useState<string | null>(null);
  const isGroup = room.type === "group";
  const profile = useProfile(isGroup ? null : (room.otherParticipant?.id ?? null));
  const person = room.members.find(({ id }) => id === personId);
  const heading = useRef<HTMLHeadingElement>(null);
  const isGone = personId !== null && person === undefined;
  useEffect(() => {
    if (!isGone) return;
    setPersonId(null);
    heading.current?.focus();
  }, [isGone]);
  useMembers(room, state);
  return (
    <div className="hc-info">
      {isGroup ? <GroupHead room={room} me={me} /> : <OtherHead room={room} me={me} profile={profile} />}
      <QuickActions room={room} onSearch={onSearch} onRename={() => setTask("rename")} />
      <RoomFacts room={room} profile={profile} />
      <Pins room={room} state={state} onLead={onLead} />
      <SentFiles roomId={room.id} onLead={onLead} />
      {isGroup && (
        <Members
          room={room}
          me={me}
          heading={heading}
          onAdd={() => setTask("add")}
          onOpen={(member) => setPersonId(member.id)}
        />
      )}
      <EndActions room={room} />
      {task === "rename" && <RenameGroup room={room} onClose={() => setTask(null)} />}
      {task === "add" && <AddPeople room={room} onClose={() => setTask(null)} />}
      {person !== undefined && <PersonDialog person={person} room={room} onClose={() => setPersonId(null)} />}
    </div>
  );
}

interface OtherHeadProps {
  readonly room: Room;
  readonly me: User | null;
  readonly profile: Profile | null;
}

function OtherHead({ room, me, profile }: OtherHeadProps): ReactNode {
  const { rooms } = useChatClient();
  const other = room.otherParticipant;
  const presence = useStoreSelector(rooms, (state) => state.presence[other?.id ?? ""]);
  const person = other ?? { id: room.id, name: nameOfRoom(room, me), avatar: null, role: "group" as const };
  return <PersonHead person={person} profile={profile} presence={presence} />;
}

function GroupHead({ room, me }: { readonly room: Room; readonly me: User | null }): ReactNode {
  const { t } = useTranslation();
  const { id, otherParticipant: group, members } = room;
  const name = nameOfRoom(room, me);
  const count = t("conversation.members", { count: members.length });
  return (
    <PersonHead
      person={{ id: group?.id ?? id, name, avatar: group?.avatar ?? null, role: "group" }}
      profile={null}
      presence={undefined}
      standing={[count]}
      {...(mayManage(room) && { frame: (picture) => <GroupPicture room={room}>{picture}</GroupPicture> })}
    />
  );
}

function RoomFacts({ room, profile }: Omit<OtherHeadProps, "me">): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfAll, locale } = useTranslation();
  const now = useNow();
  const isGroup = room.type === "group";
  return (
    <dl className="hc-info__facts">
      {profile !== null && <WorkFacts profile={profile} />}
      <Fact
        label={t(isGroup ? "info.sinceGroup" : "info.since")}
        value={formatDay(room.createdAt, now, { locale, t: tOfAll })}
      />
    </dl>
  );
}

/** Large groups do not say in their news who is in them: that is asked for at first, and after each change of the group. */
const LARGE = 50;

function useMembers({ id, type, members }: Room, state: ConversationState | null): void {
  const requests = useRoomRequests();
  const isLarge = type === "group" && members.length > LARGE;
  const lastChange = state?.items.findLast((item) => item.type === "system")?.seq ?? 0;
  useEffect(() => {
    if (isLarge) requests.refresh(id).catch(() => undefined); // what is known stays
  }, [requests, isLarge, id, lastChange]);
}
