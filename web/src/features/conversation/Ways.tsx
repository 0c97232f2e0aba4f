import type { ReactNode } from "react";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Conversation, ConversationState } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { BackIcon, CloseIcon } from "../../ui/icons";
import { Spinner } from "../../ui/Spinner";
import { useMovingTexts } from "./useMovingTexts";
import "./Ways.css";

export interface WaysProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
}

/** The way back to the message from which one was led to another. */
export function WayBack({ conversation, state }: WaysProps): ReactNode {
  const { t } = useMovingTexts();
  const cameFrom = state.target?.cameFrom ?? null;
  if (cameFrom === null) return null;
  return (
    <button type="button" className="hc-ways__back" onClick={() => void conversation.goTo(cameFrom)}>
      <BackIcon size={18} />
      <span className="hc-truncate">{t("moving.goBack")}</span>
    </button>
  );
}

/** Says that one is being led to a message, or that it cannot be had. */
export function Seeking({ conversation, state: { isSeeking, seekFailure } }: WaysProps): ReactNode {
  const { t } = useMovingTexts();
  const { t: general } = useTranslation();
  return (
    <>
      <div className="hc-seek" role="status">
        {isSeeking && (
          <span className="hc-seek__busy">
            <Spinner size={20} />
            <span className="hc-hidden">{t("moving.seeking")}</span>
          </span>
        )}
      </div>
      <div className="hc-seek" role="alert">
        {seekFailure !== null && (
          <span className="hc-seek__failure">
            {t("moving.seekFailed", { reason: describeError(seekFailure, general) })}
            <IconButton label={general("app.close")} onClick={() => conversation.forgetSeek()}>
              <CloseIcon size={18} />
            </IconButton>
          </span>
        )}
      </div>
    </>
  );
}
