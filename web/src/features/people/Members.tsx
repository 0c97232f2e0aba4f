import { useDeferredValue, useMemo, useState, type ReactNode, type RefObject } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { clean } from "../../lib/text/cleaning";
import { findsBy, partsOf } from "../../lib/text/folding";
import { useStoreSelector } from "../../lib/useStore";
import type { Member, Room, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { useChatClient } from "../session";
import { mayManage, roleOf, sortMembers } from "./groupRules";
import { AddPersonIcon } from "./icons";
import { usePeopleTexts } from "./usePeopleTexts";

/** From so many on, one looks for somebody by name. */
const MANY = 10;
const SHOWN_AT_FIRST = 50;

interface MembersProps {
  readonly room: Room;
  readonly me: User | null;
  /** Where the focus goes when the member that had it is gone. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
  onAdd(): void;
  onOpen(member: Member): void;
}

/** Who is in a group, and what they are there. */
export function Members({ room, me, heading, onAdd, onOpen }: MembersProps): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfAll, locale } = useTranslation();
  const [query, setQuery] = useState("");
  const [isWhole, setWhole] = useState(false);
  const asked = useDeferredValue(query);
  const sorted = useMemo(() => sortMembers(room.members, locale), [room.members, locale]);
  const found = useMemo(() => findMembers(sorted, asked), [sorted, asked]);
  const shown = isWhole ? found : found.slice(0, SHOWN_AT_FIRST);
  return (
    <section className="hc-info__section">
      <h3 ref={heading} className="hc-info__heading" tabIndex={-1}>
        {t("info.members", { count: sorted.length })}
      </h3>
      {sorted.length >= MANY && (
        <SearchField
          label={t("info.findMember")}
          clearLabel={tOfAll("list.clearSearch")}
          value={query}
          onChange={setQuery}
        />
      )}
      {mayManage(room) && query === "" && (
        <button type="button" className="hc-info__row hc-info__row--accent" onClick={onAdd}>
          <span className="hc-info__row-icon">
            <AddPersonIcon />
          </span>
          {t("info.addPeople")}
        </button>
      )}
      <p className="hc-info__note" role="status">
        {shown.length === 0 ? t("info.noMember") : ""}
      </p>
      <ul>
        {shown.map((member) => (
          <MemberRow key={member.id} member={member} isMe={member.id === me?.id} onOpen={() => onOpen(member)} />
        ))}
      </ul>
      {shown.length < found.length && (
        <Button variant="quiet" size="small" onClick={() => setWhole(true)}>
          {t("info.allPins")}
        </Button>
      )}
    </section>
  );
}

interface MemberRowProps {
  readonly member: Member;
  readonly isMe: boolean;
  onOpen(): void;
}

function MemberRow({ member, isMe, onOpen }: MemberRowProps): ReactNode {
  const { t } = usePeopleTexts();
  const { rooms } = useChatClient();
  const status = useStoreSelector(rooms, ({ presence }) => presence[member.id]?.status ?? null);
  const role = roleOf(member);
  return (
    <li className="hc-info__member">
      <button type="button" className="hc-info__row" onClick={onOpen}>
        <Avatar name={member.name} image={member.avatar} colorKey={member.id} size={36} presence={status} />
        <bdi className="hc-truncate">{isMe ? t("info.memberYou", { name: member.name }) : member.name}</bdi>
        {role !== "member" && <span className="hc-info__badge">{t(`info.${role}`)}</span>}
      </button>
    </li>
  );
}

function findMembers(members: readonly Member[], query: string): readonly Member[] {
  const parts = partsOf(clean(query));
  if (parts.length === 0) return members;
  const isFound = findsBy(parts);
  return members.filter(({ name }) => isFound(name));
}
