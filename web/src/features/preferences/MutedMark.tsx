import type { ReactNode } from "react";

import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { MutedIcon } from "../../ui/icons";
import { describeMute } from "./describeMute";
import "./MutedMark.css";
import { mutedUntil } from "./preferences";
import { usePreferences } from "./usePreferences";

/** A small crossed-out bell beside the name of a conversation that is muted; nothing beside others. */
export function MutedMark({ roomId }: { readonly roomId: string }): ReactNode {
  const { t, locale } = useTranslation();
  const now = useNow();
  const until = mutedUntil(usePreferences().preferences, roomId, now);
  if (until === null) return null;
  const label = describeMute(until, now, { locale, t });
  return (
    <span className="hc-muted" role="img" aria-label={label} title={label}>
      <MutedIcon size={16} />
    </span>
  );
}
