import { useCallback, useImperativeHandle, useMemo, useRef, type ReactElement, type ReactNode, type Ref } from "react";
import { Virtualizer } from "virtua";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { Conversation, ConversationState } from "../../realtime/types";
import { Spinner } from "../../ui/Spinner";
import { JumpToLatest } from "./JumpToLatest";
import { START_MARGIN_PX } from "./ListPosition";
import { MessageBubble, type MessageActions } from "./MessageBubble";
import "./MessageList.css";
import { countNewer } from "./place";
import type { Row } from "./rows";
import { DaySeparator, UnreadSeparator } from "./Separator";
import { SystemMessage } from "./SystemMessage";
import { TypingBubble } from "./TypingBubble";
import { useArrivals } from "./useArrivals";
import { useListPosition } from "./useListPosition";
import { useRows } from "./useRows";

const UP_KEYS: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

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
  useArrivals(log, state.items);
  useImperativeHandle(ref, () => ({ goToEnd: position.goToEnd }), [position]);

  const actions = useMemo<MessageActions>(
    () => ({
      retry: (id) => {
        conversation.retry(id);
      },
      discard: (id) => {
        conversation.discard(id);
      },
    }),
    [conversation],
  );
  const drawRow = useCallback((row: Row) => renderRow(row, showsSenders, actions), [showsSenders, actions]);
  const newCount = place.isAtEnd ? 0 : countNewer(state.items, place.seenSeq);

  return (
    <div className="hc-messages">
      <div
        ref={log}
        className="hc-messages__log"
        role="log"
        aria-live="off"
        aria-label={t("conversation.messages")}
        aria-busy={state.isLoadingOlder}
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
        onKeyDown={(event) => {
          position.touched(UP_KEYS.has(event.key));
        }}
      >
        <ListStart state={state} />
        <Virtualizer
          ref={position.attach}
          data={rows}
          shift={shift}
          startMargin={START_MARGIN_PX}
          bufferSize={600}
          onScroll={position.scrolled}
          onResize={position.resized}
        >
          {drawRow}
        </Virtualizer>
      </div>
      {!place.isAtEnd && <JumpToLatest count={newCount} onJump={position.goToEnd} />}
    </div>
  );
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

/** Above the first message: its day, and whether there is more. Its height never changes, so that loading moves nothing. */
function ListStart({ state }: { readonly state: ConversationState }): ReactNode {
  const { t } = useTranslation();
  const first = state.items[0];
  return (
    <div className="hc-messages__start" style={{ minHeight: START_MARGIN_PX }}>
      <div className="hc-messages__beginning">
        {state.isLoadingOlder ? (
          <Spinner size={20} label={t("conversation.loadingOlder")} />
        ) : (
          !state.hasOlder && t("conversation.beginning")
        )}
      </div>
      {first !== undefined && <DaySeparator moment={first.createdAt} />}
    </div>
  );
}
