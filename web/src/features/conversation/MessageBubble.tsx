import { memo, type ReactNode } from "react";
import { formatFull, formatTime } from "../../lib/format/dates";
import { useTimeZone } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { isEmojiOnly } from "../../lib/text/emoji";
import { inShort } from "../../realtime/attached";
import type { ConversationItem } from "../../realtime/types";
import { Avatar, hueOf } from "../../ui/Avatar";
import { classNames } from "../../ui/classNames";
import { useActing, type MessageActions } from "../acting";
import { frameOf, MessageFiles, useShownFiles, widthOfBubble } from "../files";
import { Attachment } from "./Attachment";
import { MessageText } from "./MessageText";
import { RefusedActions } from "./RefusedActions";
import { StatusIcon } from "./StatusIcon";
import "./MessageBubble.css";

interface MessageBubbleProps {
  readonly item: ConversationItem;
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
  /** In rooms of many, others' messages carry their name and picture. */
  readonly showsSender: boolean;
  readonly actions: MessageActions;
}

/** One message, with its time and what became of it. */
export const MessageBubble = memo(function MessageBubble(props: MessageBubbleProps): ReactNode {
  const { item, startsGroup, endsGroup, actions } = props;
  const { t, locale } = useTranslation();
  useTimeZone();
  const { parts } = useActing(item.replyTo !== null || item.reactions.length > 0);
  const showsSender = props.showsSender && !item.isOwn;
  const isDeleted = item.deletedAt !== null;
  const frame = frameOf(useShownFiles(item));
  const isBare = frame !== null && !hasWords(item);
  const isLarge = item.type === "text" && !isDeleted && isEmojiOnly(item.content);
  const names = classNames(
    "hc-message",
    item.isOwn ? "hc-message--own" : "hc-message--other",
    startsGroup && "hc-message--starts",
    endsGroup && "hc-message--ends",
    isLarge && "hc-message--large",
    isDeleted && "hc-message--deleted",
    frame && "hc-message--filed",
    isBare && (frame.others.length === 0 ? "hc-message--bare" : "hc-message--wordless"),
    showsSender && "hc-message--portrayed",
    item.state === "refused" && "hc-message--refused",
  );
  return (
    <article
      className={names}
      data-key={item.key}
      data-seq={item.seq ?? undefined}
      tabIndex={-1}
      aria-label={t("message.label", { name: item.sender.name, time: formatTime(item.createdAt, locale) })}
    >
      {showsSender && endsGroup && (
        <Avatar
          className="hc-message__avatar"
          name={item.sender.name}
          image={item.sender.avatar}
          colorKey={item.senderId}
          size={28}
        />
      )}
      <div className="hc-message__bubble" dir="auto" style={widthOfBubble(frame)}>
        {showsSender && startsGroup && (
          <bdi className={classNames("hc-message__sender hc-truncate", hueOf(item.senderId))} aria-hidden="true">
            {item.sender.name}
          </bdi>
        )}
        {parts !== null && <parts.QuoteOf item={item} actions={actions} />}
        <Attachment item={item} />
        {frame && <MessageFiles item={item} frame={frame} roomId={actions.roomId} />}
        <Words isApart={frame !== null}>
          {isDeleted ? t("message.deleted") : !isBare && <MessageText item={item} />}
          <MessageFoot
            item={item}
            title={formatFull(item.createdAt, locale)}
            time={formatTime(item.createdAt, locale)}
          />
        </Words>
      </div>
      {parts !== null && <parts.Reactions item={item} actions={actions} />}
      {!isDeleted && (
        <button type="button" className="hc-hidden" tabIndex={-1} data-acts="" aria-label={t("message.actions")} />
      )}
      {item.state === "refused" && <RefusedActions item={item} actions={actions} />}
    </article>
  );
});

/** Whether something was written; else the content is the names of files, or there is none yet. */
function hasWords({ content, attachments }: ConversationItem): boolean {
  return content !== "" && inShort(content, attachments).hasCaption;
}

interface WordsProps {
  readonly isApart: boolean;
  readonly children: ReactNode;
}

/** What was written: apart from files, which reach the edges of their bubble. */
function Words({ isApart, children }: WordsProps): ReactNode {
  return isApart ? (
    <div className="hc-message__caption" dir="auto">
      {children}
    </div>
  ) : (
    children
  );
}

interface MessageFootProps {
  readonly item: ConversationItem;
  readonly time: string;
  readonly title: string;
}

/** Floats to the end of the last line, and below it when there is no room. Its direction is its own, not the text's. */
function MessageFoot({ item, time, title }: MessageFootProps): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="hc-message__foot">
      <bdi className="hc-message__fate">
        {item.editedAt !== null && item.deletedAt === null && (
          <button type="button" className="hc-message__edited" tabIndex={-1} data-acts="versions">
            {t("message.edited")}
          </button>
        )}
        <time dateTime={item.createdAt} title={title}>
          {time}
        </time>
        {item.state !== null && <StatusIcon state={item.state} />}
      </bdi>
    </span>
  );
}
