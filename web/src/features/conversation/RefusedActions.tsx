import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";
import type { MessageActions } from "./MessageBubble";

interface RefusedActionsProps {
  readonly item: ConversationItem;
  readonly actions: MessageActions;
}

/** Why a message was refused, and what one can do about it. */
export function RefusedActions({ item, actions }: RefusedActionsProps): ReactNode {
  const { t } = useTranslation();
  const id = item.clientMessageId;
  return (
    <div className="hc-refused">
      <span className="hc-refused__reason">
        {item.error === null ? t("message.refused") : t("message.refusedBecause", { reason: item.error.message })}
      </span>
      {id !== null && (
        <span className="hc-refused__actions">
          <button
            type="button"
            className="hc-refused__action"
            onClick={() => {
              actions.retry(id);
            }}
          >
            {t("message.retry")}
          </button>
          <button
            type="button"
            className="hc-refused__action"
            onClick={() => {
              actions.discard(id);
            }}
          >
            {t("message.discard")}
          </button>
        </span>
      )}
    </div>
  );
}
