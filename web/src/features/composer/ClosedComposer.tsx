import type { ReactNode } from "react";
import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Conversation, Room } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { useRoomActions } from "../rooms/useRoomActions";
import { useChatClient } from "../session";
import { CopyText } from "./CopyText";
import { useDraft } from "./useDraft";

interface ClosedComposerProps {
  readonly conversation: Conversation;
  readonly room: Room;
}

/** Why one cannot write here. What was begun before is not lost: it can be read, copied and given up. */
export function ClosedComposer({ conversation, room }: ClosedComposerProps): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useDraft(useChatClient().drafts, conversation);
  return (
    <div className="hc-composer hc-composer--blocked">
      <Reason room={room} />
      {draft.trim() !== "" && (
        <>
          <p className="hc-composer__left" dir="auto" tabIndex={0} role="region" aria-label={t("composer.begun")}>
            {draft}
          </p>
          <CopyText text={draft} />
          <button type="button" className="hc-text-action" onClick={() => setDraft("")}>
            {t("message.discard")}
          </button>
        </>
      )}
    </div>
  );
}

/** Whoever has blocked somebody can end it here. Nobody else is told who has closed a conversation. */
function Reason({ room }: { readonly room: Room }): ReactNode {
  const { t } = useTranslation();
  const { t: act } = useRoomActionTexts();
  const { unblock } = useRoomActions();
  const other = room.otherParticipant;
  if (room.blockedBy !== "me" || other === null) return <p>{t("composer.blocked")}</p>;
  return (
    <>
      <p>{t("composer.blockedByMe", { name: other.name })}</p>
      <Button size="small" onClick={() => unblock(room, other)}>
        {act("room.unblock")}
      </Button>
    </>
  );
}
