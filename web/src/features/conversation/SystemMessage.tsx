import type { ReactNode } from "react";
import { formatFull, formatTime } from "../../lib/format/dates";
import { useTimeZone } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";

/** What the service itself has to say, in the middle. */
export function SystemMessage({ item }: { readonly item: ConversationItem }): ReactNode {
  const { t, locale } = useTranslation();
  useTimeZone();
  const label = t("message.label", { name: item.sender.name, time: formatTime(item.createdAt, locale) });
  return (
    <article
      className="hc-system"
      data-seq={item.seq ?? undefined}
      aria-label={label}
      title={formatFull(item.createdAt, locale)}
      dir="auto"
    >
      {item.content}
    </article>
  );
}
