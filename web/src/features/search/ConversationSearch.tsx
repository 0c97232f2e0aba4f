import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { formatFull } from "../../lib/format/dates";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { ownKeys } from "../../lib/ownKeys";
import type { Conversation, FoundMessage } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { ArrowDownIcon, CloseIcon, SendIcon } from "../../ui/icons";
import { SearchField } from "../../ui/SearchField";
import { Spinner } from "../../ui/Spinner";
import "./ConversationSearch.css";
import { excerptOf } from "./excerpt";
import { highlightFound } from "./highlights";
import type { SearchState } from "./messageSearch";
import { useMessageSearch } from "./useMessageSearch";
import { useSearchTexts } from "./useSearchTexts";

export interface ConversationSearchProps {
  readonly conversation: Conversation;
  onClose(): void;
}

/** Finds messages of one conversation, and leads from one to the next: from the newest to older ones. */
export function ConversationSearch({ conversation, onClose }: ConversationSearchProps): ReactNode {
  const { t } = useSearchTexts();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { state, index, step } = useResults(conversation, text);
  useHighlights(field, state.found);
  useEffect(() => field.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    } else if (event.key === "Enter" && event.target === field.current) {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    }
  };
  const isOver = state.found.length === 0;
  return (
    <div className="hc-finder" role="search" aria-label={t("search.inConversation")} onKeyDown={ownKeys(onKeyDown)}>
      <SearchField
        ref={field}
        label={t("search.inConversation")}
        clearLabel={t("search.clear")}
        value={text}
        onChange={setText}
      />
      <Place state={state} index={index} />
      <IconButton
        label={t("search.older")}
        aria-disabled={isOver || (index === state.found.length - 1 && !state.hasMore)}
        onClick={() => step(1)}
      >
        <SendIcon size={20} />
      </IconButton>
      <IconButton label={t("search.newer")} aria-disabled={isOver || index === 0} onClick={() => step(-1)}>
        <ArrowDownIcon size={20} />
      </IconButton>
      <IconButton label={t("search.close")} onClick={onClose}>
        <CloseIcon />
      </IconButton>
      <Told found={state.found[index]} index={index} />
    </div>
  );
}

/** The results, and which of them one is at: the newest, as soon as there are others. */
function useResults(conversation: Conversation, text: string) {
  const { roomId } = conversation;
  const query = useMemo(() => ({ text, roomId }), [text, roomId]);
  const { search, state } = useMessageSearch(query);
  const [at, setAt] = useState<{ readonly query: SearchState["query"]; readonly index: number }>({
    query: null,
    index: 0,
  });
  const index = at.query === state.query ? at.index : 0;
  const seq = state.phase === "ready" ? state.found[index]?.message.seq : undefined;
  useEffect(() => {
    // The field keeps the keyboard: one goes on from there.
    if (seq !== undefined) void conversation.goTo(seq, { takesFocus: false });
  }, [conversation, seq]);

  const step = (by: 1 | -1): void => {
    const next = index + by;
    if (state.found[next]) setAt({ query: state.query, index: next });
    else if (by === 1 && state.hasMore) {
      void search.loadMore().then(() => {
        const { query: asked, found } = search.state.getSnapshot();
        if (found[next]) setAt({ query: asked, index: next });
      });
    }
  };
  return { state, index, step };
}

function useHighlights(field: React.RefObject<HTMLElement | null>, found: readonly FoundMessage[]): void {
  useEffect(() => {
    const log = field.current?.closest(".hc-conversation")?.querySelector<HTMLElement>('[role="log"]');
    return log ? highlightFound(log, found) : undefined;
  }, [field, found]);
}

/** Which of how many; or why there are none. */
function Place({ state, index }: { readonly state: SearchState; readonly index: number }): ReactNode {
  const { t } = useSearchTexts();
  const { t: general } = useTranslation();
  const { phase, found, hasMore, error, isLoadingMore } = state;
  if (phase === "searching" || isLoadingMore) return <Spinner size={18} label={t("search.searching")} />;
  const count = { index: index + 1, count: found.length };
  const words =
    error !== null
      ? describeError(error, general)
      : phase === "idle"
        ? ""
        : found.length === 0
          ? t("search.noneShort")
          : t(hasMore ? "search.placeMore" : "search.place", count);
  return (
    <span className="hc-finder__place" role="status">
      {words}
    </span>
  );
}

/** Reads out the message that one was led to, as the keyboard stays in the field. */
function Told({ found, index }: { readonly found: FoundMessage | undefined; readonly index: number }): ReactNode {
  const { t } = useSearchTexts();
  const { locale } = useTranslation();
  const text = found && excerptOf(found.message.content, found.highlights);
  return (
    <span className="hc-hidden" role="status">
      {found &&
        t("search.reached", {
          index: index + 1,
          sender: found.message.isOwn ? t("search.you") : found.message.sender.name,
          when: formatFull(found.message.createdAt, locale),
          text: text?.map((segment) => segment.text).join("") ?? "",
        })}
    </span>
  );
}
