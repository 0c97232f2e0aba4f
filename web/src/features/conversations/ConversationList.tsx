import { useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { orderByWaiting } from "../../realtime/waiting";
import { SearchField } from "../../ui/SearchField";
import { ConnectionStrip } from "../connection";
import { useChatClient } from "../session";
import "./ConversationList.css";
import { ConversationRows, type ConversationRowsHandle } from "./ConversationRows";
import { nextRow } from "../../ui/listKeys";
import { ListFilters } from "./ListFilters";
import { ListNotice } from "./ListNotice";
import { selectRooms, type RoomFilter } from "./roomFilters";
import { useFocusAfter } from "./useFocusAfter";
import { useFoundRooms } from "./useFoundRooms";
import { useRowMenu } from "./useRowMenu";

export interface ConversationListProps {
  readonly currentRoomId: string | null;
  hrefOf(roomId: string): string;
  onOpen(roomId: string): void;
  /** Somebody wants to write to a person who is not in the list; `query` is what they looked for here. */
  onNew(query: string): void;
  /** A control beside the search field. */
  readonly action?: ReactNode;
}

/** All conversations, latest first, with a search by name above them. Arrow keys move between the two. */
export function ConversationList(props: ConversationListProps): ReactNode {
  const { t } = useTranslation();
  const client = useChatClient();
  const state = useStore(client.rooms);
  const me = useStore(client.me);
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query);
  const waiting = useStore(client.waiting);
  const [filter, setFilter] = useState<RoomFilter>("all");
  const { currentRoomId } = props;
  const ordered = useMemo(() => orderByWaiting(state.rooms, waiting), [state.rooms, waiting]);
  const listed = useMemo(() => selectRooms(ordered, filter, currentRoomId), [ordered, filter, currentRoomId]);
  // A search that is limited to nothing finds what is archived, too.
  const found = useFoundRooms(filter === "all" ? ordered : listed, wanted, me);
  const rooms = query === "" ? listed : (found ?? listed);
  // The search, and whatever shows a part, is for all conversations.
  const isSearching = (query !== "" || filter !== "all") && state.hasOlder;
  useEffect(() => {
    if (isSearching) client.loadOlderRooms();
  }, [client, isSearching, state.rooms]);
  const frame = useRef<HTMLDivElement>(null);
  useFocusAfter(frame, rooms);
  const rowMenu = useRowMenu(state.rooms, me);
  const rows = useRef<ConversationRowsHandle>(null);

  const moveFocus = (event: KeyboardEvent): void => {
    const focused = event.target instanceof HTMLElement ? event.target.dataset.room : undefined;
    const current = rooms.findIndex(({ id }) => id === focused);
    if (current === -1 && !isSearchField(event.target)) return;
    const next = nextRow(event.key, current, rooms.length);
    const room = rooms[next ?? -1];
    if (next === null || next === current) return;
    event.preventDefault();
    if (room !== undefined) rows.current?.reveal(room.id);
    const target = room === undefined ? 'input[type="search"]' : 'a[data-room][tabindex="0"]';
    frame.current?.querySelector<HTMLElement>(target)?.focus({ preventScroll: true });
  };
  const onSearchKey = (event: KeyboardEvent): void => {
    // What is shown may lag behind a quick hand.
    const first = wanted === query ? found?.[0] : undefined;
    if (event.key === "Enter" && first !== undefined && query !== "") props.onOpen(first.id);
    if (event.key === "Escape" && query !== "") {
      event.stopPropagation();
      setQuery("");
    }
  };

  return (
    <div className="hc-list" ref={frame} onKeyDown={ownKeys(moveFocus)}>
      <ConnectionStrip />
      <div className="hc-list__search" role="search">
        <SearchField
          label={t("list.search")}
          clearLabel={t("list.clearSearch")}
          value={query}
          onChange={setQuery}
          onKeyDown={onSearchKey}
        />
        {props.action}
      </div>
      <ListFilters value={filter} onChange={setFilter} />
      <div className="hc-list__scroll">
        {rooms.length > 0 ? (
          <ConversationRows
            ref={rows}
            rooms={rooms}
            state={state}
            waiting={waiting}
            me={me}
            currentRoomId={currentRoomId}
            query={`${filter} ${wanted}`}
            hrefOf={props.hrefOf}
            onOpen={props.onOpen}
            onMenu={rowMenu.open}
            onEnd={client.loadOlderRooms}
          />
        ) : (
          <ListNotice
            state={state}
            query={query}
            filter={filter}
            onNew={props.onNew}
            onReload={() => client.reloadRooms()}
          />
        )}
      </div>
      {rowMenu.menu}
    </div>
  );
}

function isSearchField(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && target.type === "search";
}
