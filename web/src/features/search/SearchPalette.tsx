import {
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { toChatError, type ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { leadTo } from "../../realtime/leadTo";
import { Banner } from "../../ui/Banner";
import { SearchField } from "../../ui/SearchField";
import { useChatClient } from "../session";
import { FilterBar, FilterButton } from "./FilterBar";
import { NO_FILTERS, queryOf, type Filters } from "./filters";
import { optionsOf, type Option } from "./options";
import { Results } from "./Results";
import "./SearchPalette.css";
import { useMessageSearch } from "./useMessageSearch";
import { useFoundPeople } from "./useFoundPeople";
import { useSearchTexts } from "./useSearchTexts";

export interface SearchPaletteProps {
  /** A conversation was chosen, or a message of it. */
  onOpen(roomId: string): void;
}

/** Finds people, conversations and messages by what one types: the inside of `SearchDialog`. */
export function SearchPalette({ onOpen }: SearchPaletteProps): ReactNode {
  const { t } = useSearchTexts();
  const { t: general } = useTranslation();
  const [text, setText] = useState("");
  const [filters, setFilters] = useState(NO_FILTERS);
  const [hasFilters, setHasFilters] = useState(false);
  const { search, state, options } = useOptions(text, filters);
  const { choose, failure } = useChoosing(onOpen, () => void search.loadMore());
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const { active, onKeyDown } = useActive(text, options, choose);
  useEffect(() => field.current?.focus(), []);

  const idOf = (option: Option): string => `${id}-${option.key}`;
  useEffect(() => {
    if (active !== undefined) document.getElementById(`${id}-${active.key}`)?.scrollIntoView({ block: "nearest" });
  }, [active, id]);

  return (
    <div className="hc-palette">
      <div className="hc-palette__top">
        <div className="hc-palette__field">
          <SearchField
            ref={field}
            label={t("search.field")}
            clearLabel={t("search.clear")}
            value={text}
            onChange={setText}
            onKeyDown={onKeyDown}
            results={{ id, activeId: active && idOf(active) }}
          />
          <FilterButton filters={filters} isOpen={hasFilters} onToggle={() => setHasFilters(!hasFilters)} />
        </div>
        {hasFilters && <FilterBar filters={filters} onChange={setFilters} />}
      </div>
      <div role="alert">
        {failure !== null && (
          <Banner tone="danger">{t("search.startFailed", { reason: describeError(failure, general) })}</Banner>
        )}
      </div>
      <Results
        id={id}
        text={text}
        options={options}
        active={active}
        state={state}
        idOf={idOf}
        onChoose={choose}
        onRetry={() => search.retry()}
      />
    </div>
  );
}

function useOptions(text: string, filters: Filters) {
  const client = useChatClient();
  const { rooms } = useStore(client.rooms);
  const me = useStore(client.me);
  const query = useMemo(() => queryOf(text, filters), [text, filters]);
  const { search, state } = useMessageSearch(query);
  const people = useFoundPeople(text.trim());
  // Hundreds of names are looked through while somebody types: the letters come first.
  const wanted = useDeferredValue(text.trim());
  const { found: messages, hasMore } = state;
  const options = useMemo(
    () => optionsOf({ query: wanted, rooms, people, messages, hasMore, me }),
    [wanted, rooms, people, messages, hasMore, me],
  );
  return { search, state, options };
}

/** The option that Enter chooses: the first, until the arrow keys say otherwise. */
function useActive(text: string, options: readonly Option[], choose: (option: Option) => void) {
  const [chosen, setChosen] = useState({ text, key: "" });
  const index = chosen.text === text ? options.findIndex(({ key }) => key === chosen.key) : -1;
  const active = options[Math.max(index, 0)];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && active !== undefined) choose(active);
    const next = nextIndex(event.key, Math.max(index, 0), options.length);
    if (next === null && event.key !== "Enter") return;
    event.preventDefault();
    if (next !== null) setChosen({ text, key: options[next]?.key ?? "" });
  };
  return { active, onKeyDown };
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

function nextIndex(key: string, index: number, count: number): number | null {
  const step = STEPS[key];
  if (step === undefined || count === 0) return null;
  const next = index + step;
  // One step past an end is the other end.
  if (Math.abs(step) === 1) return (next + count) % count;
  return Math.min(Math.max(next, 0), count - 1);
}

function useChoosing(onOpen: (roomId: string) => void, loadMore: () => void) {
  const client = useChatClient();
  const [failure, setFailure] = useState<ChatError | null>(null);
  const isStarting = useRef(false);
  const start = async (userId: string): Promise<void> => {
    if (isStarting.current) return;
    isStarting.current = true;
    setFailure(null);
    try {
      onOpen(await client.startConversation(userId));
    } catch (cause) {
      setFailure(toChatError(cause));
    } finally {
      isStarting.current = false;
    }
  };
  const choose = (option: Option): void => {
    if (option.kind === "more") loadMore();
    else if (option.kind === "room") onOpen(option.room.id);
    else if (option.kind === "person") void start(option.person.id);
    else {
      const { room, message } = option.found;
      leadTo(client, room.id, message.seq);
      onOpen(room.id);
    }
  };
  return { choose, failure };
}
