import { useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Member, MemberRole, Room } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { SignOutIcon, UserIcon } from "../../ui/icons";
import { say } from "../../ui/snacks";
import { useRoomQuestion } from "../rooms/useRoomQuestion";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { EndAction } from "./EndActions";
import { describeGroupError } from "./groupErrors";
import { mayRemove, rolesFor } from "./groupRules";
import { usePeopleTexts } from "./usePeopleTexts";

const MAKE = { owner: "info.makeOwner", admin: "info.makeAdmin", member: "info.makeMember" } as const;
const MADE = { owner: "info.nowOwner", admin: "info.nowAdmin", member: "info.nowMember" } as const;

interface MemberActionsProps {
  readonly room: Room;
  readonly member: Member;
}

/** What somebody who manages a group may do with another member. */
export function MemberActions({ room, member }: MemberActionsProps): ReactNode {
  const requests = useRoomRequests();
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const { ask, dialog } = useRoomQuestion();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  const roles = rolesFor(room, member);
  if (roles.length === 0 && !mayRemove(room, member)) return null;
  const give = (role: MemberRole): void => {
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    requests
      .putMember(room.id, member.id, role)
      .then(
        () => say(t(MADE[role], { name: member.name })),
        (cause: unknown) => setError(toChatError(cause)),
      )
      .finally(() => setIsBusy(false));
  };
  return (
    <section className="hc-info__section hc-info__end" aria-busy={isBusy}>
      <div role="alert">
        {error !== null && (
          <Banner tone="danger">{t("group.failed", { reason: describeGroupError(error, t, tOfAll) })}</Banner>
        )}
      </div>
      {roles.map((role) => (
        <EndAction key={role} icon={<UserIcon />} label={t(MAKE[role])} onClick={() => give(role)} />
      ))}
      {mayRemove(room, member) && (
        <EndAction
          icon={<SignOutIcon />}
          label={t("info.remove")}
          isGrave
          onClick={() => ask({ kind: "remove", room, person: member })}
        />
      )}
      {dialog}
    </section>
  );
}
