import type { ReactNode } from "react";
import { isSameEmoji } from "../../realtime/messageActions";
import type { Reaction } from "../../realtime/types";
import { PlusIcon } from "../../ui/signIcons";
import { QUICK_REACTIONS } from "./quickReactions";
import { useActingTexts } from "./useActingTexts";

interface QuickRowProps {
  readonly reactions: readonly Reaction[];
  onReact(emoji: string, on: boolean): void;
  /** All others are asked for. */
  onMore(): void;
}

/** The reactions that most people want; chosen again, one is taken back. */
export function QuickRow({ reactions, onReact, onMore }: QuickRowProps): ReactNode {
  const { t } = useActingTexts();
  return (
    <div className="hc-quick" role="group" aria-label={t("acting.react")}>
      {QUICK_REACTIONS.map((emoji) => {
        const isOwn = reactions.some((reaction) => reaction.isOwn && isSameEmoji(reaction.emoji, emoji));
        const label = t(isOwn ? "acting.unreact" : "acting.reactWith", { emoji });
        return (
          <button
            key={emoji}
            type="button"
            role="menuitemcheckbox"
            aria-checked={isOwn}
            aria-label={label}
            title={label}
            tabIndex={-1}
            className="hc-quick__emoji"
            onClick={() => onReact(emoji, !isOwn)}
          >
            {emoji}
          </button>
        );
      })}
      <button
        type="button"
        role="menuitem"
        aria-label={t("acting.allEmoji")}
        title={t("acting.allEmoji")}
        tabIndex={-1}
        className="hc-quick__emoji"
        onClick={onMore}
      >
        <PlusIcon />
      </button>
    </div>
  );
}
