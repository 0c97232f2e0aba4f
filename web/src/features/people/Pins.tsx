import { useMemo, useState, type ReactNode } from "react";

import { formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { leadTo } from "../../realtime/leadTo";
import { pinnedIn } from "../../realtime/pins";
import type { ConversationState, Room } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { useChatClient } from "../session";
import { textWithFiles } from "../files";
import { usePlain } from "../writing";
import { usePeopleTexts } from "./usePeopleTexts";
import { usePins, type PinnedMessage } from "./usePins";

const SHOWN_AT_FIRST = 3;

interface PinsProps {
  readonly room: Room;
  readonly state: ConversationState | null;
  /** Something leads to a message. */
  onLead(): void;
}

/** What is pinned in a conversation, the newest message first; each leads to it. */
export function Pins({ room, state, onLead }: PinsProps): ReactNode {
  const { t } = usePeopleTexts();
  const [isWhole, setWhole] = useState(false);
  const items = state?.items;
  const sorted = useMemo(() => pinnedIn(room, items ?? []), [room, items]);
  const shown = usePins(room, isWhole ? sorted : sorted.slice(0, SHOWN_AT_FIRST), state);
  if (sorted.length === 0) return null;
  return (
    <section className="hc-info__section">
      <h3 className="hc-info__heading">{t("info.pins", { count: sorted.length })}</h3>
      <ul>
        {shown.map(({ seq, message }) => (
          <li key={seq}>
            <Pin roomId={room.id} seq={seq} message={message} onLead={onLead} />
          </li>
        ))}
      </ul>
      {shown.length < sorted.length && (
        <Button variant="quiet" size="small" onClick={() => setWhole(true)}>
          {t("info.allPins")}
        </Button>
      )}
    </section>
  );
}

interface PinProps {
  readonly roomId: string;
  readonly seq: number;
  readonly message: PinnedMessage | "failed" | undefined;
  onLead(): void;
}

function Pin({ roomId, seq, message, onLead }: PinProps): ReactNode {
  const client = useChatClient();
  const { t } = usePeopleTexts();
  const { t: tOfAll, locale } = useTranslation();
  const now = useNow();
  const plain = usePlain(message === undefined || message === "failed" ? "" : message.content);
  if (message === undefined) {
    return (
      <span className="hc-info__pin">
        <Skeleton width="40%" height={12} />
        <Skeleton width="80%" height={12} />
      </span>
    );
  }
  if (message === "failed") return <p className="hc-info__pin hc-info__note">{t("info.pinFailed")}</p>;
  const text = textWithFiles(message, plain(message.content), tOfAll);
  return (
    <button
      type="button"
      className="hc-info__pin"
      onClick={() => {
        onLead();
        leadTo(client, roomId, seq);
      }}
    >
      <span className="hc-info__pin-head">
        <bdi className="hc-truncate">{message.sender.name}</bdi>
        <time dateTime={message.createdAt}>{formatShort(message.createdAt, now, { locale, t: tOfAll })}</time>
      </span>
      <span className="hc-info__pin-text" dir="auto">
        {text}
      </span>
    </button>
  );
}
