import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { CloseIcon } from "../../ui/icons";
import { SearchField } from "../../ui/SearchField";
import { cutQuery } from "./cutQuery";
import "./people.css";
import { PeopleNotice } from "./PeopleResults";
import { useDebounced } from "./useDebounced";
import { usePeople } from "./usePeople";
import { usePeopleTexts } from "./usePeopleTexts";

interface PeoplePickerProps {
  readonly chosen: readonly User[];
  /** Who is in the group already. */
  readonly memberIds: ReadonlySet<string>;
  onChange(chosen: readonly User[]): void;
}

/** Several people, found by name. Those who are chosen stand above the field, and stay while others are looked for. */
export function PeoplePicker({ chosen, memberIds, onChange }: PeoplePickerProps): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const [query, setQuery] = useState("");
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => search.current?.focus(), []);
  const wanted = useDebounced(cutQuery(query), 180);
  const found = usePeople(wanted);
  // Enter may come before its answer: whoever it finds first is meant.
  const [isEntered, setIsEntered] = useState(false);
  const isSettled = wanted === cutQuery(query) && found.query === wanted;
  const write = (next: string): void => {
    setIsEntered(false);
    setQuery(next);
  };
  const isChosen = (person: User): boolean => chosen.some(({ id }) => id === person.id);
  const toggle = (person: User): void => {
    onChange(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person]);
  };
  const drop = (person: User): void => {
    toggle(person);
    // The button goes; focus would go with it.
    search.current?.focus();
  };
  useEffect(() => {
    if (!isSettled || !isEntered) return;
    write("");
    const first = found.people?.find(({ id }) => !memberIds.has(id));
    if (first !== undefined && !isChosen(first)) toggle(first);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.target !== search.current) return;
    event.preventDefault();
    setIsEntered(true);
  };
  return (
    <div className="hc-people" onKeyDown={ownKeys(onKeyDown)}>
      <div className="hc-people__search">
        <p className="hc-hidden" role="status">
          {chosen.length > 0 ? t("group.chosen", { count: chosen.length }) : ""}
        </p>
        <Chosen people={chosen} onDrop={drop} />
        <SearchField
          ref={search}
          label={t("people.search")}
          clearLabel={tOfAll("list.clearSearch")}
          value={query}
          onChange={write}
        />
      </div>
      <PeopleNotice query={wanted} people={found.people} error={found.error} onRetry={found.retry} />
      <ul className="hc-people__list">
        {found.people?.map((person) => (
          <li key={person.id}>
            <Choice
              person={person}
              isMember={memberIds.has(person.id)}
              isChosen={isChosen(person)}
              onToggle={() => toggle(person)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ChosenProps {
  readonly people: readonly User[];
  onDrop(person: User): void;
}

/** Each is left out by a press. */
function Chosen({ people, onDrop }: ChosenProps): ReactNode {
  const { t } = usePeopleTexts();
  if (people.length === 0) return null;
  return (
    <ul className="hc-people__chosen">
      {people.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            className="hc-people__chip"
            aria-label={t("group.drop", { name: person.name })}
            onClick={() => onDrop(person)}
          >
            <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={24} />
            <bdi className="hc-truncate">{person.name}</bdi>
            <CloseIcon size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ChoiceProps {
  readonly person: User;
  readonly isMember: boolean;
  readonly isChosen: boolean;
  onToggle(): void;
}

function Choice({ person, isMember, isChosen, onToggle }: ChoiceProps): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  return (
    <label className="hc-person hc-person--choice">
      <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={40} />
      <span className="hc-person__words">
        <bdi className="hc-person__name hc-truncate">{person.name}</bdi>
        <span className="hc-person__role">{isMember ? t("group.isIn") : tOfAll(`role.${person.role}`)}</span>
      </span>
      <input
        type="checkbox"
        className="hc-person__check"
        checked={isMember || isChosen}
        disabled={isMember}
        onChange={onToggle}
      />
    </label>
  );
}
