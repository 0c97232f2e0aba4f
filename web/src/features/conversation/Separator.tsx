import type { ReactNode } from "react";
import { formatDay } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import "./Separator.css";

/** The line before the first message of a day. */
export function DaySeparator({ moment }: { readonly moment: string }): ReactNode {
  const { t, locale } = useTranslation();
  const day = formatDay(moment, useNow(), { locale, t });
  return (
    <div className="hc-separator" role="separator" aria-label={day}>
      <span className="hc-separator__day">{day}</span>
    </div>
  );
}

/** The line before what came in since one was here last. */
export function UnreadSeparator(): ReactNode {
  const { t } = useTranslation();
  const name = t("conversation.newMessages");
  return (
    <div className="hc-separator hc-separator--unread" role="separator" aria-label={name}>
      <span className="hc-separator__unread">{name}</span>
    </div>
  );
}
