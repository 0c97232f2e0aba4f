import type { ReactNode } from "react";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";
import { CopyText } from "../composer";
import type { MessageActions } from "../acting";

interface RefusedActionsProps {
  readonly item: ConversationItem;
  readonly actions: MessageActions;
}

/** Why a message was refused, and what one can do about it: nothing is offered that cannot help. */
export function RefusedActions({ item, actions }: RefusedActionsProps): ReactNode {
  const { t } = useTranslation();
  const id = item.clientMessageId;
  return (
    <div className="hc-refused">
      <span className="hc-refused__reason">
        {item.error === null
          ? t("message.refused")
          : t("message.refusedBecause", { reason: describeError(item.error, t) })}
      </span>
      {id !== null && (
        <span className="hc-refused__actions">
          {actions.isFinal(item.error) ? (
            <CopyText text={item.content} />
          ) : (
            <button type="button" className="hc-text-action" onClick={() => actions.retry(id)}>
              {t("message.retry")}
            </button>
          )}
          <button type="button" className="hc-text-action" onClick={() => actions.discard(id)}>
            {t("message.discard")}
          </button>
        </span>
      )}
    </div>
  );
}
