import type { ReactNode } from "react";
import { formatBadge } from "../../lib/format/numbers";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { ArrowDownIcon } from "../../ui/icons";
import "./JumpToLatest.css";

interface JumpToLatestProps {
  /** New messages below what was seen. */
  readonly count: number;
  readonly onJump: () => void;
}

/** The way back to the end, for a reader who has gone up. */
export function JumpToLatest({ count, onJump }: JumpToLatestProps): ReactNode {
  const { t, locale } = useTranslation();
  const label = count === 0 ? t("conversation.jump") : t("conversation.jumpNew", { count });
  return (
    <button type="button" className="hc-jump" aria-label={label} title={t("conversation.jump")} onClick={onJump}>
      <ArrowDownIcon size={20} />
      {count > 0 && <span className="hc-jump__count">{formatBadge(count, locale)}</span>}
    </button>
  );
}
