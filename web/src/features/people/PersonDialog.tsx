import { use, useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore, useStoreSelector } from "../../lib/useStore";
import type { Member, Room, User } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ChatIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import "./ConversationInfo.css";
import { roleOf } from "./groupRules";
import { MemberActions } from "./MemberActions";
import { PersonHead } from "./PersonHead";
import { RoomOpener } from "./roomOpener";
import { usePeopleTexts } from "./usePeopleTexts";
import { useProfile } from "./useProfile";
import { WorkFacts } from "./WorkFacts";

export interface PersonDialogProps {
  readonly person: User;
  /** The group in which they were found. */
  readonly room: Room | null;
  onClose(): void;
}

/** Who somebody of a group is, the way to a conversation with them, and what one may do with them in the group. */
export function PersonDialog({ person, room, onClose }: PersonDialogProps): ReactNode {
  const { t } = usePeopleTexts();
  const { rooms, me: myself } = useChatClient();
  const me = useStore(myself);
  const profile = useProfile(person.id);
  const presence = useStoreSelector(rooms, (state) => state.presence[person.id]);
  // As they are in the group now.
  const member: Member | undefined = room?.members.find(({ id }) => id === person.id);
  const role = member === undefined || room?.type !== "group" ? "member" : roleOf(member);
  const isMe = person.id === me?.id;
  return (
    <Dialog title={t("info.profile")} closeLabel={t("info.close")} onClose={onClose}>
      <div className="hc-info hc-info--person">
        <PersonHead
          person={person}
          profile={profile}
          presence={presence}
          standing={[...(role === "member" ? [] : [t(`info.${role}`)]), ...(isMe ? [t("info.you")] : [])]}
        />
        {!isMe && <MessageButton person={person} onClose={onClose} />}
        {profile !== null && (profile.timeZone !== null || profile.workingHours !== null) && (
          <dl className="hc-info__facts">
            <WorkFacts profile={profile} />
          </dl>
        )}
        {room !== null && member !== undefined && !isMe && <MemberActions room={room} member={member} />}
      </div>
    </Dialog>
  );
}

/** The way to a conversation of two. */
function MessageButton({ person, onClose }: Pick<PersonDialogProps, "person" | "onClose">): ReactNode {
  const client = useChatClient();
  const opener = use(RoomOpener);
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  if (opener === null) return null;
  const start = (): void => {
    setIsBusy(true);
    client.startConversation(person.id).then(
      (roomId) => {
        onClose();
        opener.open(roomId);
      },
      (cause: unknown) => {
        setError(toChatError(cause));
        setIsBusy(false);
      },
    );
  };
  return (
    <>
      <Button variant="primary" className="hc-info__message" disabled={isBusy} onClick={start}>
        <ChatIcon size={18} />
        {t("people.message")}
      </Button>
      <div role="alert">
        {error !== null && (
          <Banner tone="danger">{t("people.startFailed", { reason: describeError(error, tOfAll) })}</Banner>
        )}
      </div>
    </>
  );
}
