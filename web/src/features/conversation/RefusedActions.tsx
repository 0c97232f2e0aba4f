import { useEffect, useState, type ReactNode } from "react";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";
import type { MessageActions } from "./MessageBubble";

const COPIED_SHOWN_MS = 2_000;

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
            <CopyAction text={item.content} />
          ) : (
            <button type="button" className="hc-refused__action" onClick={() => actions.retry(id)}>
              {t("message.retry")}
            </button>
          )}
          <button type="button" className="hc-refused__action" onClick={() => actions.discard(id)}>
            {t("message.discard")}
          </button>
        </span>
      )}
    </div>
  );
}

/** What was written need not be lost with the message. Pages without TLS may not write to the clipboard. */
function CopyAction({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  if (!("clipboard" in navigator)) return null;
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  return (
    <>
      <button type="button" className="hc-refused__action" onClick={copy}>
        {t(isCopied ? "message.copied" : "message.copy")}
      </button>
      <span className="hc-hidden" role="status">
        {isCopied && t("message.copied")}
      </span>
    </>
  );
}
