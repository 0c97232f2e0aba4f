import {
  Suspense,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
} from "react";
import { Virtualizer } from "virtua";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { Conversation, ConversationItem, ConversationState, Room } from "../../realtime/types";
import { Spinner } from "../../ui/Spinner";
import { useActing, type MessageActions } from "../acting";
import { useFiles } from "../files";
import { useChatClient } from "../session";
import { JumpToLatest } from "./JumpToLatest";
import { CurrentDay, Seeking, WayBack } from "./lazyMoving";
import { START_MARGIN_PX, type ListPlace, type ListPosition } from "./ListPosition";
import { MessageBubble } from "./MessageBubble";
import "./MessageList.css";
import { countNewer, lastRows } from "./place";
import { isFinalRefusal } from "./refusal";
import type { Row } from "./rows";
import { DaySeparator, UnreadSeparator } from "./Separator";
import { SystemMessage } from "./SystemMessage";
import { TypingBubble } from "./TypingBubble";
import { useArrivals } from "./useArrivals";
import { useListPosition } from "./useListPosition";
import { useReached } from "./useReached";
import { useRows } from "./useRows";

const NO_ROWS: readonly number[] = [];
const NO_ITEMS: readonly ConversationItem[] = [];
const UP_KEYS: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);
/** The ends of the conversation, however much of it is loaded. */
const ENDS: Readonly<Record<string, (conversation: Conversation, position: ListPosition) => void>> = {
  Home: (conversation) => void conversation.goTo(1, { takesFocus: false }),
  End: (_, position) => position.goToEnd(),
};

export interface MessageListHandle {
  goToEnd(): void;
}

interface MessageListProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
  readonly showsSenders: boolean;
  readonly ref?: Ref<MessageListHandle>;
}

/** The history: only what is near the screen is in the document, however long it is. */
export function MessageList({ conversation, state, showsSenders, ref }: MessageListProps): ReactNode {
  const { t } = useTranslation();
  const log = useRef<HTMLDivElement | null>(null);
  const { rows, shift } = useRows(state);
  const position = useListPosition(conversation, state, rows, log);
  const place = useStore(position.place);
  const start = useRef<HTMLDivElement | null>(null);
  const startMargin = useStartMargin(start, position);
  useArrivals(log, state.hasNewer ? NO_ITEMS : state.items);
  useReached(log, state.target);
  useImperativeHandle(ref, () => ({ goToEnd: position.goToEnd }), [position]);

  const actions = useMessageActions(conversation, state.room);
  const { parts } = useActing(true);
  const files = useFiles(false).parts;
  // Having gone to its end, the list would leave out for a moment what is above the screen. Who turns the wheel in that
  // moment would see rows of heights that are only guessed, and the rest move as they are measured.
  const staysAtEnd = place.isAtEnd && place.seenSeq > 0;
  const keepMounted = useMemo(() => (staysAtEnd ? lastRows(rows.length) : NO_ROWS), [staysAtEnd, rows.length]);
  const drawRow = useCallback((row: Row) => renderRow(row, showsSenders, actions), [showsSenders, actions]);
  const newCount = countBelow(state, place);

  return (
    <div className="hc-messages">
      <div
        ref={log}
        className="hc-messages__log"
        role="log"
        aria-live="off"
        aria-label={t("conversation.messages")}
        aria-busy={state.isLoadingOlder || state.isLoadingNewer || state.isSeeking}
        tabIndex={0}
        onWheel={(event) => {
          position.touched(event.deltaY < 0);
        }}
        onTouchStart={() => {
          position.touched(true);
        }}
        onPointerDown={() => {
          position.touched(true);
        }}
        onKeyDown={ownKeys((event) => {
          position.touched(UP_KEYS.has(event.key));
          const goTo = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey ? null : ENDS[event.key];
          if (!goTo) return;
          event.preventDefault();
          // The message that has the focus may leave the page.
          event.currentTarget.focus({ preventScroll: true });
          goTo(conversation, position);
        })}
      >
        <ListStart state={state} ref={start} />
        <Virtualizer
          // Another stretch of the conversation has rows of other heights at the same places.
          key={state.stretch}
          ref={position.attach}
          data={rows}
          shift={shift}
          startMargin={startMargin}
          bufferSize={600}
          keepMounted={keepMounted}
          onScroll={position.scrolled}
          onResize={position.resized}
        >
          {drawRow}
        </Virtualizer>
      </div>
      {parts !== null && <parts.ActionLayer log={log} conversation={conversation} state={state} />}
      {files !== null && <files.FilesLayer conversation={conversation} state={state} />}
      <Suspense>
        <CurrentDay conversation={conversation} top={position.top} room={state.room} onLatest={position.goToEnd} />
        <Seeking conversation={conversation} state={state} />
      </Suspense>
      <div className="hc-ways">
        <Suspense>
          <WayBack conversation={conversation} state={state} />
        </Suspense>
        {!place.isAtEnd && <JumpToLatest count={newCount} onJump={position.goToEnd} />}
      </div>
    </div>
  );
}

/** How many messages of others are below the screen, and were not on it. */
function countBelow({ items, hasNewer, room }: ConversationState, { isAtEnd, seenSeq }: ListPlace): number {
  if (isAtEnd) return 0;
  return hasNewer ? (room?.unreadCount ?? 0) : countNewer(items, seenSeq);
}

/** The same as long as the room's status and its people are. */
function useMessageActions(conversation: Conversation, room: Room | null): MessageActions {
  const { t, locale } = useTranslation();
  const client = useChatClient();
  const status = room?.status ?? null;
  const members = room?.members;
  return useMemo(
    () => ({
      roomId: conversation.roomId,
      retry: (id) => conversation.retry(id),
      discard: (id) => conversation.discard(id),
      act: (action) => {
        client.act(conversation.roomId, action);
      },
      goTo: (seq, cameFrom) => void conversation.goTo(seq, { cameFrom }),
      isFinal: (error) => isFinalRefusal(error, status && { status }),
      canReact: status !== "blocked",
      namesOf: (userIds, count) => {
        const names = userIds.flatMap((id) => members?.find((member) => member.id === id)?.name ?? []);
        const left = count - names.length;
        const all = left > 0 ? [...names, t("message.others", { count: left })] : names;
        return new Intl.ListFormat(locale).format(all);
      },
    }),
    [client, conversation, status, members, t, locale],
  );
}

/** The style sheet says how high the list's start is: by the size of text that the reader has chosen. */
function useStartMargin(start: RefObject<HTMLElement | null>, position: ListPosition): number {
  const [startMargin, setStartMargin] = useState(START_MARGIN_PX);
  useLayoutEffect(() => {
    // Where nothing is laid out (the page is hidden in its frame) there is nothing to measure.
    const height = start.current?.offsetHeight ?? 0;
    position.startMargin = height > 0 ? height : START_MARGIN_PX;
    setStartMargin(position.startMargin);
  }, [start, position]);
  return startMargin;
}

function renderRow(row: Row, showsSenders: boolean, actions: MessageActions): ReactElement {
  switch (row.kind) {
    case "day":
      return <DaySeparator key={row.key} moment={row.moment} />;
    case "unread":
      return <UnreadSeparator key={row.key} />;
    case "typing":
      return <TypingBubble key={row.key} />;
    case "system":
      return <SystemMessage key={row.key} item={row.item} />;
    case "message":
      return (
        <MessageBubble
          key={row.key}
          item={row.item}
          startsGroup={row.startsGroup}
          endsGroup={row.endsGroup}
          showsSender={showsSenders}
          actions={actions}
        />
      );
  }
}

interface ListStartProps {
  readonly state: ConversationState;
  readonly ref: Ref<HTMLDivElement>;
}

/** Above the first message: its day, and whether there is more. Its height never changes, so that loading moves nothing. */
function ListStart({ state, ref }: ListStartProps): ReactNode {
  const first = state.items[0];
  return (
    <div ref={ref} className="hc-messages__start">
      <div className="hc-messages__beginning">
        <Beginning state={state} />
      </div>
      {first !== undefined && <DaySeparator moment={first.createdAt} />}
    </div>
  );
}

function Beginning({ state: { phase, isLoadingOlder, hasOlder } }: { readonly state: ConversationState }): ReactNode {
  const { t } = useTranslation();
  if (isLoadingOlder) return <Spinner size={20} label={t("conversation.loadingOlder")} />;
  // What was written here is shown before what was said here could be loaded.
  if (phase === "loading") return <Spinner size={20} label={t("conversation.loading")} />;
  if (phase === "failed") return t("conversation.failed");
  return hasOlder ? null : t("conversation.beginning");
}
