import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { User } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { SearchField } from "../../ui/SearchField";
import { useChatClient } from "../session";
import { nextRow } from "../../ui/listKeys";
import { cutQuery } from "./cutQuery";
import { GroupIcon } from "./icons";
import { NewGroup } from "./NewGroup";
import "./people.css";
import { PeopleResults } from "./PeopleResults";
import { useDebounced } from "./useDebounced";
import { usePeople } from "./usePeople";
import { usePeopleTexts } from "./usePeopleTexts";

export interface NewConversationProps {
  readonly initialQuery: string;
  /** Whether the server lets one make groups. */
  readonly canMakeGroups?: boolean;
  /** The room with the chosen person, new or not. */
  onStarted(roomId: string): void;
}

/** Finds somebody by name, or makes a group, and opens the conversation: the inside of `NewConversationDialog`. */
export function NewConversation(props: NewConversationProps): ReactNode {
  const [isGroup, setIsGroup] = useState(false);
  if (isGroup) return <NewGroup onMade={props.onStarted} onBack={() => setIsGroup(false)} />;
  return <FindSomebody {...props} onGroup={() => setIsGroup(true)} />;
}

interface FindSomebodyProps extends NewConversationProps {
  onGroup(): void;
}

function FindSomebody({ initialQuery, canMakeGroups, onStarted, onGroup }: FindSomebodyProps): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const client = useChatClient();
  const me = useStore(client.me);
  const [query, setQuery] = useState(initialQuery);
  const [startFailure, setStartFailure] = useState<ChatError | null>(null);
  const [startingId, setStartingId] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const isEntered = useRef(false);
  const write = (next: string): void => {
    isEntered.current = false;
    setQuery(next);
  };
  useEffect(() => search.current?.focus(), []);
  const asked = cutQuery(query);
  const wanted = useDebounced(asked, 180);
  const found = usePeople(wanted);

  // Who is listed was asked for by what stands in the field, and not by an earlier part of it.
  const isSettled = wanted === asked && found.query === wanted;

  const start = async (person: User): Promise<void> => {
    if (startingId !== null) return;
    setStartingId(person.id);
    setStartFailure(null);
    try {
      onStarted(await client.startConversation(person.id));
    } catch (error) {
      setStartFailure(toChatError(error));
      setStartingId(null);
    }
  };
  // Enter came before its answer: whoever it finds first is meant.
  useEffect(() => {
    if (!isSettled || !isEntered.current) return;
    isEntered.current = false;
    frame.current?.querySelector<HTMLElement>(".hc-people__list .hc-person")?.click();
  }, [isSettled]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const fields = [...(frame.current?.querySelectorAll<HTMLElement>("input, .hc-person") ?? [])];
    const current = fields.indexOf(document.activeElement as HTMLElement) - 1;
    const next = nextRow(event.key, current, fields.length - 1);
    if (event.key === "Enter" && current === -1) {
      if (isSettled) frame.current?.querySelector<HTMLElement>(".hc-people__list .hc-person")?.click();
      else isEntered.current = true;
    }
    if (next === null || next === current) return;
    event.preventDefault();
    fields[next + 1]?.focus();
  };

  return (
    <div ref={frame} className="hc-people" onKeyDown={ownKeys(onKeyDown)}>
      <div className="hc-people__search">
        <SearchField
          ref={search}
          label={t("people.search")}
          clearLabel={tOfAll("list.clearSearch")}
          value={query}
          onChange={write}
        />
      </div>
      <div role="alert">
        {startFailure !== null && (
          <Banner tone="danger">{t("people.startFailed", { reason: describeError(startFailure, tOfAll) })}</Banner>
        )}
      </div>
      {canMakeGroups === true && query === "" && (
        <button type="button" className="hc-person hc-person--group" onClick={onGroup}>
          <span className="hc-person__icon">
            <GroupIcon />
          </span>
          <span className="hc-person__words">
            <span className="hc-person__name">{t("group.new")}</span>
            <span className="hc-person__role">{t("group.newHint")}</span>
          </span>
        </button>
      )}
      <PeopleResults
        query={wanted}
        people={found.people?.filter((person) => person.id !== me?.id) ?? null}
        error={found.error}
        startingId={startingId}
        onChoose={start}
        onRetry={found.retry}
      />
    </div>
  );
}
