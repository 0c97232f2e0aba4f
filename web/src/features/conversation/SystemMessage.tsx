import type { ReactNode } from "react";
import { useSystemText } from "../rooms";
import { formatFull, formatTime } from "../../lib/format/dates";
import { useTimeZone } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";

/** What has happened in a group, in the middle. */
export function SystemMessage({ item }: { readonly item: ConversationItem }): ReactNode {
  const { t, locale } = useTranslation();
  const text = useSystemText(item.metadata) ?? item.content;
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
      {text}
    </article>
  );
}
