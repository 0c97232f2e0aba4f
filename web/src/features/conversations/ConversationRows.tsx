import {
  createContext,
  useContext,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
  type Ref,
} from "react";
import { flushSync } from "react-dom";
import { Virtualizer, type CustomItemComponentProps, type VirtualizerHandle } from "virtua";

import type { Room, RoomsState, User, WaitingByRoom } from "../../realtime/types";
import type { Point } from "../../ui/PointMenu";
import { SwipeableRow } from "./SwipeableRow";
import { useListAnchor } from "./useListAnchor";

export interface ConversationRowsHandle {
  /** Brings a conversation into view and makes it the one that Tab leads to; it is in the document when this returns. */
  reveal(roomId: string): void;
}

interface ConversationRowsProps {
  readonly rooms: readonly Room[];
  readonly state: RoomsState;
  readonly waiting: WaitingByRoom;
  readonly me: User | null;
  readonly currentRoomId: string | null;
  /** What is shown and searched for: anything else begins at its top. */
  readonly query: string;
  hrefOf(roomId: string): string;
  onOpen(roomId: string): void;
  onMenu(room: Room, at: Point): void;
  /** The end of the rows comes near. */
  onEnd(): void;
  readonly ref?: Ref<ConversationRowsHandle>;
}

const nobody: readonly string[] = [];

/** The rows: only those near the screen are in the document, and the one that Tab leads to, wherever it is. */
export function ConversationRows(props: ConversationRowsProps): ReactNode {
  const { rooms, state, waiting, me, currentRoomId, query, hrefOf, onOpen, onMenu, onEnd, ref } = props;
  const list = useRef<VirtualizerHandle>(null);
  const [tabStop, setTabStop] = useTabStop(rooms, currentRoomId);
  const anchor = useListAnchor(list, rooms, query);
  const keepMounted = useMemo(() => [tabStop], [tabStop]);

  useImperativeHandle(ref, () => ({
    reveal: (roomId) => {
      flushSync(() => setTabStop(roomId));
      const index = rooms.findIndex(({ id }) => id === roomId);
      list.current?.scrollToIndex(index, { align: "nearest" });
    },
  }));

  const drawRow = (room: Room, index: number): ReactElement => (
    <SwipeableRow
      key={room.id}
      room={room}
      me={me}
      presence={state.presence[room.otherParticipant?.id ?? ""]?.status ?? null}
      typing={state.typing[room.id] ?? nobody}
      waiting={waiting[room.id] ?? null}
      isCurrent={room.id === currentRoomId}
      isTabStop={index === tabStop}
      href={hrefOf(room.id)}
      onOpen={onOpen}
      onFocus={setTabStop}
      onMenu={onMenu}
    />
  );
  const onScroll = (): void => {
    anchor();
    const handle = list.current;
    if (handle !== null && handle.scrollOffset + 3 * handle.viewportSize > handle.scrollSize) onEnd();
  };
  return (
    <RowCount value={rooms.length}>
      <Virtualizer ref={list} data={rooms} as="ul" item={RowItem} keepMounted={keepMounted} onScroll={onScroll}>
        {drawRow}
      </Virtualizer>
    </RowCount>
  );
}

/** Where Tab leads: to the row that had the focus last, or was opened since; to the one in its place when it is gone. */
function useTabStop(rooms: readonly Room[], currentRoomId: string | null): [number, (roomId: string) => void] {
  const [roomId, setRoomId] = useState<string | null>(currentRoomId);
  const [openedId, setOpenedId] = useState(currentRoomId);
  if (openedId !== currentRoomId) {
    setOpenedId(currentRoomId);
    if (currentRoomId !== null) setRoomId(currentRoomId);
  }
  const [lastIndex, setLastIndex] = useState(0);
  const index = rooms.findIndex(({ id }) => id === roomId);
  if (index !== -1 && index !== lastIndex) setLastIndex(index);
  return [index === -1 ? Math.max(Math.min(lastIndex, rooms.length - 1), 0) : index, setRoomId];
}

const RowCount = createContext(0);

/**
 * Says to screen readers how long the list is, of which only a part is in the document. The virtual list would hide a row
 * until it is measured: from the focus too, which a key has just sent there.
 */
function RowItem({ children, style, index, ref }: CustomItemComponentProps): ReactNode {
  const count = useContext(RowCount);
  const place = { ...style, visibility: undefined };
  return (
    <li ref={ref} className="hc-list__item" style={place} aria-setsize={count} aria-posinset={index + 1}>
      {children}
    </li>
  );
}
