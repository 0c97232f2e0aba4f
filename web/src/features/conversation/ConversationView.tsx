import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { ownKeys } from "../../lib/ownKeys";
import { isShortcut } from "../../lib/shortcuts";
import { useStore } from "../../lib/useStore";
import { canWrite, isPassing } from "../../realtime/conversationFacts";
import type { ChatClient, ChatError, Conversation, ConversationState, User } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { AlertIcon, ChatIcon } from "../../ui/icons";
import { useActing } from "../acting";
import { canEdit, Composer, editOf } from "../composer";
import { ConnectionStrip } from "../connection";
import { nameOfRoom } from "../../realtime/roomName";
import { FindInConversation, finding } from "../search";
import { useChatClient } from "../session";
import { isPlain, useWriting } from "../writing";
import { Announcer } from "./Announcer";
import { isFile } from "./Attachment";
import { ConversationHeader } from "./ConversationHeader";
import "./ConversationView.css";
import { LoadingMessages } from "./LoadingMessages";
import { Members } from "./mentioned";
import { MessageList, type MessageListHandle } from "./MessageList";

export interface ConversationViewProps {
  readonly roomId: string;
  /** Back to the list; without it there is none to go to. */
  readonly onBack?: (() => void) | undefined;
  /** The other person's profile is asked for; without it their name is no button to press. */
  readonly onShowProfile?: () => void;
  /** As the server says: the code points of the longest message. */
  readonly maxMessageChars?: number;
}

/** One conversation: who it is with, what was said, and where to answer. */
export function ConversationView({ roomId, ...rest }: ConversationViewProps): ReactNode {
  const client = useChatClient();
  const [conversation, setConversation] = useState<Conversation | null>(null);
  useLayoutEffect(() => {
    const opened = client.open(roomId);
    // Opening is an effect, and what it gives is to be on the screen in the same frame.
    setConversation(opened);
    return () => {
      opened.close();
    };
  }, [client, roomId]);
  if (conversation?.roomId !== roomId) return null;
  return <OpenConversation key={roomId} conversation={conversation} {...rest} />;
}

interface OpenConversationProps extends Omit<ConversationViewProps, "roomId"> {
  readonly conversation: Conversation;
}

function OpenConversation({
  conversation,
  onBack,
  onShowProfile,
  maxMessageChars = 1000,
}: OpenConversationProps): ReactNode {
  const { t } = useTranslation();
  const state = useStore(conversation);
  const list = useRef<MessageListHandle | null>(null);
  const finder = useFinder(conversation);
  const client = useChatClient();
  const me = useStore(client.me);
  const { parts } = useActing(true);
  const name = state.room === null ? null : nameOfRoom(state.room, me);
  return (
    <main
      ref={finder.frame}
      className="hc-conversation"
      onKeyDown={ownKeys(finder.onKeyDown)}
      aria-label={name === null ? t("conversation.labelLoading") : t("conversation.label", { name })}
    >
      {(state.room !== null || state.phase !== "failed") && (
        <ConversationHeader
          state={state}
          name={name ?? ""}
          onBack={onBack}
          onShowProfile={onShowProfile}
          onSearch={finder.toggle}
        />
      )}
      {finder.bar}
      <ConnectionStrip />
      {parts !== null && <parts.PinnedBar conversation={conversation} state={state} />}
      <History conversation={conversation} state={state} name={name ?? ""} onBack={onBack} ref={list} />
      <Announcer state={state} />
      {canWrite(state) && (
        <Composer
          conversation={conversation}
          room={state.room}
          maxChars={maxMessageChars}
          onSent={() => list.current?.goToEnd()}
          onEditLast={() => editLast(client, conversation)}
          banner={parts !== null && <parts.ComposerBanner conversation={conversation} state={state} />}
        />
      )}
    </main>
  );
}

/** The search in this conversation, which its shortcut opens wherever the keyboard is in `frame`. */
function useFinder(conversation: Conversation) {
  const { roomId } = conversation;
  const isOpen = useStore(finding) === roomId;
  const frame = useRef<HTMLElement>(null);
  useEffect(() => () => finding.update((found) => (found === roomId ? null : found)), [roomId]);
  const close = (): void => {
    finding.set(null);
    frame.current?.querySelector<HTMLElement>('[role="log"]')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Most of a conversation is not on the page, where the browser would look. Asked again, it may.
    if (isOpen || !isShortcut(event, "f")) return;
    event.preventDefault();
    finding.set(roomId);
  };
  const bar = isOpen && <FindInConversation conversation={conversation} onClose={close} />;
  return { frame, onKeyDown, bar, toggle: () => (isOpen ? close() : finding.set(roomId)) };
}

/** Returns whether there is one. While a stretch of the past is shown, the last one is not in sight. */
function editLast(client: ChatClient, conversation: Conversation): boolean {
  const { items, hasNewer } = conversation.getSnapshot();
  const last = hasNewer ? undefined : items.findLast(({ isOwn }) => isOwn);
  if (last === undefined || !canEdit(last)) return false;
  client.drafts.setMode(conversation.roomId, editOf(last));
  return true;
}

const NOBODY: readonly User[] = [];

interface HistoryProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
  readonly name: string;
  readonly onBack?: (() => void) | undefined;
  readonly ref: React.Ref<MessageListHandle>;
}

function History({ conversation, state, name, onBack, ref }: HistoryProps): ReactNode {
  const { t } = useTranslation();
  const canDraw = useCanDraw(state);
  if (state.items.length > 0 && canDraw) {
    const showsSenders = (state.room?.members.length ?? 0) > 2;
    return (
      <Members value={state.room?.members ?? NOBODY}>
        <MessageList conversation={conversation} state={state} showsSenders={showsSenders} ref={ref} />
      </Members>
    );
  }
  if (state.phase === "loading" || !canDraw) return <LoadingMessages />;
  if (state.phase === "ready") {
    return (
      <EmptyState
        icon={<ChatIcon size={28} />}
        title={t("conversation.empty", { name })}
        hint={t("conversation.emptyHint")}
      />
    );
  }
  return <FailedConversation conversation={conversation} error={state.error} onBack={onBack} />;
}

/**
 * Whether there is what draws these messages, marks, links, quotes and reactions included: if they came first and were drawn as they were
 * written, they would change their height under somebody who reads. Somebody who opens the conversation to be led to a
 * message sees that one first. Once messages are on the screen they stay.
 */
function useCanDraw({ items, isSeeking }: ConversationState): boolean {
  const [isDrawn, setIsDrawn] = useState(false);
  const isWanted = !isDrawn && items.some((item) => isFile(item) || !isPlain(item.content));
  const { parts, hasFailed } = useWriting(isWanted);
  const isActed = !isDrawn && items.some((item) => item.replyTo !== null || item.reactions.length > 0);
  const acting = useActing(isActed);
  const hasActing = !isActed || acting.parts !== null || acting.hasFailed;
  const canDraw = isDrawn || (!isSeeking && (!isWanted || parts !== null || hasFailed) && hasActing);
  if (canDraw && !isDrawn && items.length > 0) setIsDrawn(true);
  return canDraw;
}

interface FailedConversationProps {
  readonly conversation: Conversation;
  readonly error: ChatError | null;
  readonly onBack?: (() => void) | undefined;
}

/** It could not be loaded. What may pass is tried again; what is for good leads back to the list. */
function FailedConversation({ conversation, error, onBack }: FailedConversationProps): ReactNode {
  const { t } = useTranslation();
  const mayPass = error === null || isPassing(error);
  return (
    <EmptyState
      tone="danger"
      icon={<AlertIcon size={28} />}
      title={t(mayPass ? "conversation.failed" : "app.notFound")}
      {...(error !== null && { hint: describeError(error, t) })}
      action={
        <>
          {mayPass && <Button onClick={() => conversation.reload()}>{t("app.tryAgain")}</Button>}
          {onBack !== undefined && (
            <Button variant={mayPass ? "quiet" : "secondary"} onClick={onBack}>
              {t("app.goToConversations")}
            </Button>
          )}
        </>
      }
    />
  );
}
