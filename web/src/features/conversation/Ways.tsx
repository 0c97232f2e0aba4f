import type { ReactNode } from "react";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Conversation, ConversationState } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { BackIcon, CloseIcon } from "../../ui/icons";
import { Spinner } from "../../ui/Spinner";
import "./Ways.css";

interface WaysProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
  /** The way to the end. */
  readonly children: ReactNode;
}

/** What stands over the messages of somebody who moves through them: the ways back, and that one is being led. */
export function Ways({ conversation, state, children }: WaysProps): ReactNode {
  const { t } = useTranslation();
  const { target, seekFailure, isSeeking } = state;
  const cameFrom = target?.cameFrom ?? null;
  return (
    <>
      <div className="hc-ways">
        {cameFrom !== null && (
          <button type="button" className="hc-ways__back" onClick={() => void conversation.goTo(cameFrom)}>
            <BackIcon size={18} />
            <span className="hc-truncate">{t("conversation.goBack")}</span>
          </button>
        )}
        {children}
      </div>
      <div className="hc-seek" role="status">
        {isSeeking && (
          <span className="hc-seek__busy">
            <Spinner size={20} />
            <span className="hc-hidden">{t("conversation.seeking")}</span>
          </span>
        )}
      </div>
      <div className="hc-seek" role="alert">
        {seekFailure !== null && (
          <span className="hc-seek__failure">
            {t("conversation.seekFailed", { reason: describeError(seekFailure, t) })}
            <IconButton label={t("app.close")} onClick={() => conversation.forgetSeek()}>
              <CloseIcon size={18} />
            </IconButton>
          </span>
        )}
      </div>
    </>
  );
}
