import { useEffect, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Conversation, ConversationState } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { CloseIcon } from "../../ui/icons";
import { say } from "../../ui/snacks";
import { useMode } from "../composer";
import { useChatClient } from "../session";
import { filesAloud, filesInWords } from "../files";
import { usePlain } from "../writing";
import "./ComposerBanner.css";
import { EditIcon, ReplyIcon } from "./icons";
import { useActingTexts } from "./useActingTexts";
import { useRefusedEdits } from "./useRefusedEdits";

interface ComposerBannerProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
}

/** Above the input: which message is answered or edited, and the way out. */
export function ComposerBanner({ conversation, state }: ComposerBannerProps): ReactNode {
  const { t } = useActingTexts();
  const { t: tOfAll } = useTranslation();
  const { drafts } = useChatClient();
  const { roomId } = conversation;
  const mode = useMode(roomId);
  const item = state.items.find(({ key }) => key === mode?.key);
  const isGone = item !== undefined && item.deletedAt !== null;
  const written = mode?.kind === "edit" ? mode.before : (item?.content ?? mode?.quote.content ?? "");
  const plain = usePlain(written);
  useRefusedEdits(conversation, state);
  useEffect(() => {
    if (!isGone) return;
    drafts.setMode(roomId, null);
    say(tOfAll("error.message_deleted"));
  }, [drafts, roomId, isGone, tOfAll]);
  // The region is there before its words are: only then they are read out.
  if (mode === null || isGone) return <div role="status" />;
  const quote = mode.kind === "edit" ? null : mode.quote;
  const files = quote && filesInWords(quote, plain(written), tOfAll);
  return (
    <div role="status">
      <div className="hc-mode">
        {mode.kind === "edit" ? <EditIcon /> : <ReplyIcon />}
        <div className="hc-mode__words">
          <div className="hc-mode__title hc-truncate">
            {mode.kind === "edit" ? t("acting.editing") : t("acting.replying", { name: mode.quote.senderName })}
          </div>
          <div className="hc-truncate" dir="auto">
            {files === null ? plain(written) : filesAloud(files)}
          </div>
        </div>
        <IconButton
          label={t(mode.kind === "edit" ? "acting.leaveEdit" : "acting.leaveReply")}
          onClick={() => drafts.setMode(roomId, null)}
        >
          <CloseIcon size={18} />
        </IconButton>
      </div>
    </div>
  );
}
