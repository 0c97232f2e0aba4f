import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { pinnedIn } from "../../realtime/pins";
import type { Conversation, ConversationState } from "../../realtime/types";
import { textWithFiles } from "../files";
import { usePlain } from "../writing";
import { PinIcon } from "./icons";
import "./PinnedBar.css";
import { useActingTexts } from "./useActingTexts";

interface PinnedBarProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
}

/** Under the header: what is pinned here, the newest first. Each press leads to the one before. */
export function PinnedBar({ conversation, state: { room, items } }: PinnedBarProps): ReactNode {
  const { t } = useActingTexts();
  const { t: tOfAll } = useTranslation();
  const [turn, setTurn] = useState(0);
  const pinned = useMemo(() => (room === null ? [] : pinnedIn(room, items)), [room, items]);
  const seq = pinned[turn % Math.max(1, pinned.length)];
  const item = items.find((other) => other.seq === seq);
  const plain = usePlain(item?.content ?? "");
  if (seq === undefined) return null;
  const text = item === undefined ? "" : textWithFiles(item, plain(item.content), tOfAll);
  const title = t("acting.pinned", { count: pinned.length });
  return (
    <button
      type="button"
      className="hc-pinned"
      onClick={() => {
        setTurn(turn + 1);
        void conversation.goTo(seq);
      }}
    >
      <PinIcon size={18} />
      <span className="hc-pinned__words">
        <span className="hc-pinned__title">{title}</span>
        {text !== "" && (
          <span className="hc-truncate" dir="auto">
            {text}
          </span>
        )}
      </span>
    </button>
  );
}
