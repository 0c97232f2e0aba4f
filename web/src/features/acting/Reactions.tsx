import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { classNames } from "../../ui/classNames";
import type { ConversationItem } from "../../realtime/types";
import type { MessageActions } from "./messageActions";
import "./Reactions.css";

interface ReactionsProps {
  readonly item: ConversationItem;
  readonly actions: MessageActions;
}

/** How people have reacted to a message. A press says the same, or takes back what one has said. */
export function Reactions({ item, actions }: ReactionsProps): ReactNode {
  const { t } = useTranslation();
  const { id, reactions } = item;
  if (id === null || reactions.length === 0) return null;
  return (
    <div className="hc-reactions" role="group" aria-label={t("message.reactions")}>
      {reactions.map(({ emoji, count, isOwn, userIds }) => (
        <button
          key={emoji}
          type="button"
          className={classNames("hc-reaction", isOwn && "hc-reaction--own")}
          aria-pressed={isOwn}
          aria-label={t("message.reaction", { emoji, count })}
          title={actions.namesOf(userIds, count)}
          disabled={!actions.canReact}
          onClick={() => actions.act({ kind: "react", messageId: id, emoji, on: !isOwn })}
        >
          {emoji}
          {count > 1 && <span className="hc-reaction__count">{count}</span>}
        </button>
      ))}
    </div>
  );
}
