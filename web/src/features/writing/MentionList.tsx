import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore, useStoreSelector } from "../../lib/useStore";
import type { Conversation, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { useChatClient } from "../session";
import { readDraft, writeDraft } from "./input";
import "./MentionList.css";
import { findNamed } from "./mentionQuery";
import { useMentionQuery } from "./useMentionQuery";
import { useWritingTexts } from "./useWritingTexts";

interface MentionListProps {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly conversation: Conversation;
  /** Of several members of one name it is this one. */
  onChoose(userId: string): void;
}

const NOBODY: readonly User[] = [];

/** Whom one may mean by what stands behind an @: above the input, which keeps the focus. */
export function MentionList({ input, conversation, onChoose }: MentionListProps): ReactNode {
  const { t } = useWritingTexts();
  const people = usePeople(conversation);
  const query = useMentionQuery(input);
  /** Where the @ is of a list that was closed. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const found = useMemo(() => (query === null ? NOBODY : findNamed(people, query.text)), [people, query]);
  const isOpen = query !== null && found.length > 0 && closedAt !== query.start;
  if (query === null && closedAt !== null) setClosedAt(null);
  const [asked, setAsked] = useState(query);
  if (asked !== query) {
    setAsked(query);
    setActive(0);
  }
  const choose = (person: User): void => {
    if (query === null || input.current === null) return;
    const { text, end } = readDraft(input.current);
    const written = `@${person.name} `;
    const rest = text.slice(end).replace(/^ /, "");
    const caret = query.start + written.length;
    writeDraft(input.current, { text: text.slice(0, query.start) + written + rest, start: caret, end: caret });
    onChoose(person.id);
  };
  const id = useId();
  useCombobox(input, isOpen, { list: id, active: `${id}${String(active)}` });
  useKeys(input, isOpen, (key) => {
    const person = found[active];
    if (key === "Escape") setClosedAt(query?.start ?? null);
    else if (key === "ArrowDown") setActive((active + 1) % found.length);
    else if (key === "ArrowUp") setActive((active - 1 + found.length) % found.length);
    else if (person !== undefined) choose(person);
  });
  return (
    <div className="hc-mentions">
      <div className="hc-hidden" role="status">
        {isOpen && t("writing.mentions", { count: found.length })}
      </div>
      {isOpen && (
        <ul id={id} className="hc-mentions__list" role="listbox" aria-label={t("writing.mention")}>
          {found.map((person, index) => (
            <Option
              key={person.id}
              id={`${id}${String(index)}`}
              person={person}
              isActive={index === active}
              onChoose={() => choose(person)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly person: User;
  readonly isActive: boolean;
  onChoose(): void;
}

function Option({ id, person, isActive, onChoose }: OptionProps): ReactNode {
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement | null>(null);
  useLayoutEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    <li
      ref={row}
      id={id}
      className="hc-mentions__option"
      role="option"
      aria-selected={isActive}
      // The input keeps the focus, and a phone its keyboard.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={28} />
      <bdi className="hc-mentions__name hc-truncate">{person.name}</bdi>
      <span className="hc-mentions__role">{t(`role.${person.role}`)}</span>
    </li>
  );
}

/** All members but oneself. */
function usePeople(conversation: Conversation): readonly User[] {
  const me = useStore(useChatClient().me);
  const members = useStoreSelector(conversation, ({ room }) => room?.members ?? NOBODY);
  return useMemo(() => members.filter(({ id }) => id !== me?.id), [members, me]);
}

interface Parts {
  readonly list: string;
  readonly active: string;
}

/** Says of the input that it has a list, and which part of that is active. It stays a field of several lines. */
function useCombobox(input: RefObject<HTMLTextAreaElement | null>, isOpen: boolean, { list, active }: Parts): void {
  useLayoutEffect(() => {
    const element = input.current;
    if (element === null || !isOpen) return;
    const attributes = {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": list,
      "aria-activedescendant": active,
    };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return () => {
      for (const name of Object.keys(attributes)) element.removeAttribute(name);
    };
  }, [input, isOpen, list, active]);
}

const KEYS: ReadonlySet<string> = new Set(["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"]);

/** The keys of an open list, before they do anything else. */
function useKeys(input: RefObject<HTMLTextAreaElement | null>, isOpen: boolean, onKey: (key: string) => void): void {
  const newest = useRef(onKey);
  useLayoutEffect(() => {
    newest.current = onKey;
  });
  useEffect(() => {
    const element = input.current;
    if (element === null || !isOpen) return;
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      const hasModifier = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
      if (!KEYS.has(event.key) || hasModifier) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      newest.current(event.key);
    });
    element.addEventListener("keydown", onKeyDown, { capture: true });
    return () => element.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [input, isOpen]);
}
