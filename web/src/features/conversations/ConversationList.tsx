import { useDeferredValue, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { Room, RoomsState, User } from "../../realtime/types";
import { SearchField } from "../../ui/SearchField";
import { useChatClient } from "../session";
import "./ConversationList.css";
import { ConversationRow } from "./ConversationRow";
import { filterRooms } from "./filterRooms";
import { nextRow } from "./listKeys";
import { ListNotice } from "./ListNotice";

export interface ConversationListProps {
  readonly currentRoomId: string | null;
  hrefOf(roomId: string): string;
  onOpen(roomId: string): void;
  /** Somebody wants to write to a person who is not in the list; `query` is what they looked for here. */
  onNew(query: string): void;
  /** The search field, for a key that leads to it. */
  readonly searchRef?: Ref<HTMLInputElement>;
  readonly shortcut?: string;
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
  const rooms = filterRooms(state.rooms, useDeferredValue(query), me);
  const list = useRef<HTMLDivElement>(null);

  const moveFocus = (event: KeyboardEvent): void => {
    const fields = focusables(list.current);
    const current = fields.indexOf(document.activeElement as HTMLElement) - 1;
    const next = nextRow(event.key, current, fields.length - 1);
    if (next === null || next === current) return;
    event.preventDefault();
    fields[next + 1]?.focus();
  };
  const onSearchKey = (event: KeyboardEvent): void => {
    const [first] = rooms;
    if (event.key === "Enter" && first !== undefined && query !== "") props.onOpen(first.id);
    if (event.key === "Escape" && query !== "") {
      event.stopPropagation();
      setQuery("");
    }
  };

  return (
    <div className="hc-list" ref={list} onKeyDown={moveFocus}>
      <div className="hc-list__search" role="search">
        <SearchField
          {...(props.searchRef === undefined ? {} : { ref: props.searchRef })}
          {...(props.shortcut === undefined ? {} : { shortcut: props.shortcut })}
          label={t("list.search")}
          clearLabel={t("list.clearSearch")}
          value={query}
          onChange={setQuery}
          onKeyDown={onSearchKey}
        />
        {props.action}
      </div>
      <div className="hc-list__scroll">
        {rooms.length > 0 ? (
          <Rows {...props} rooms={rooms} state={state} me={me} />
        ) : (
          <ListNotice state={state} query={query} onNew={props.onNew} onReload={() => client.reloadRooms()} />
        )}
      </div>
    </div>
  );
}

interface RowsProps extends ConversationListProps {
  readonly rooms: readonly Room[];
  readonly state: RoomsState;
  readonly me: User | null;
}

const nobody: readonly string[] = [];

function Rows({ rooms, state, me, currentRoomId, hrefOf, onOpen }: RowsProps): ReactNode {
  const { drafts } = useChatClient();
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const tabStop = [focusedId, currentRoomId].find((id) => rooms.some((room) => room.id === id)) ?? rooms[0]?.id;
  return (
    <ul className="hc-list__rows">
      {rooms.map((room) => (
        <li key={room.id}>
          <ConversationRow
            room={room}
            me={me}
            presence={state.presence[room.otherParticipant?.id ?? ""]?.status ?? null}
            typing={state.typing[room.id] ?? nobody}
            draft={drafts.get(room.id)}
            isCurrent={room.id === currentRoomId}
            isTabStop={room.id === tabStop}
            href={hrefOf(room.id)}
            onOpen={onOpen}
            onFocus={setFocusedId}
          />
        </li>
      ))}
    </ul>
  );
}

/** The search field, then the rows, in the order in which they stand. */
function focusables(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('input[type="search"], a[data-room]') ?? [])];
}
