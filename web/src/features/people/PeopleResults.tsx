import type { ReactNode } from "react";

import type { ChatError } from "../../lib/api/chatError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { EmptyState } from "../../ui/EmptyState";
import { SearchIcon, UserIcon } from "../../ui/icons";
import { LoadFailure } from "../../ui/LoadFailure";
import { Spinner } from "../../ui/Spinner";
import { ListSkeleton } from "../conversations";
import { usePeopleTexts } from "./usePeopleTexts";

interface PeopleNoticeProps {
  readonly query: string;
  /** Null until the first answer. */
  readonly people: readonly User[] | null;
  readonly error: ChatError | null;
  onRetry(): void;
}

interface PeopleResultsProps extends PeopleNoticeProps {
  /** Whose conversation is being opened. */
  readonly startingId: string | null;
  onChoose(person: User): void;
}

/** What stands in the place of people when there are none to show, and says how many there are. */
export function PeopleNotice({ people, error, query, onRetry }: PeopleNoticeProps): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  if (error !== null) {
    const words = { title: t("people.failed"), offlineHint: t("people.offline") };
    return <LoadFailure {...words} error={error} onRetry={onRetry} />;
  }
  if (people === null) return <ListSkeleton label={tOfAll("people.searching")} rows={5} />;
  if (people.length === 0) {
    return query === "" ? (
      <EmptyState icon={<UserIcon size={26} />} title={tOfAll("list.empty")} hint={t("people.hint")} />
    ) : (
      <EmptyState icon={<SearchIcon size={26} />} title={t("people.none", { query })} hint={t("people.noneHint")} />
    );
  }
  return (
    <p className="hc-hidden" role="status">
      {t("people.found", { count: people.length })}
    </p>
  );
}

/** People to talk with, one of whom is chosen. */
export function PeopleResults(props: PeopleResultsProps): ReactNode {
  const { people } = props;
  return (
    <>
      <PeopleNotice query={props.query} people={people} error={props.error} onRetry={props.onRetry} />
      <ul className="hc-people__list">
        {people?.map((person) => (
          <li key={person.id}>
            <PersonButton
              person={person}
              isStarting={person.id === props.startingId}
              onChoose={() => props.onChoose(person)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface PersonButtonProps {
  readonly person: User;
  readonly isStarting: boolean;
  onChoose(): void;
}

function PersonButton({ person, isStarting, onChoose }: PersonButtonProps): ReactNode {
  const { t } = useTranslation();
  return (
    <button type="button" className="hc-person" onClick={onChoose}>
      <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={40} />
      <span className="hc-person__words">
        <bdi className="hc-person__name hc-truncate">{person.name}</bdi>
        <span className="hc-person__role">{t(`role.${person.role}`)}</span>
      </span>
      {isStarting && <Spinner size={18} />}
    </button>
  );
}
