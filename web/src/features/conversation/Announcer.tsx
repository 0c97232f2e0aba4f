import { useLayoutEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Translate } from "../../lib/i18n/translate";
import type { ConversationItem } from "../../realtime/types";

/** More than these at once are counted rather than read out. */
const MOST_READ_OUT = 3;

/** Reads out what others write while the conversation is open; never the history. Seen by screen readers only. */
export function Announcer({ items }: { readonly items: readonly ConversationItem[] }): ReactNode {
  const { t } = useTranslation();
  const region = useRef<HTMLDivElement | null>(null);
  const announcedSeq = useRef<number | null>(null);
  useLayoutEffect(() => {
    const newest = findNewestSeq(items);
    const since = announcedSeq.current;
    announcedSeq.current = Math.max(newest, since ?? 0);
    if (since === null || newest <= since || region.current === null) return;
    const arrived = items.filter((item) => item.seq !== null && item.seq > since && !item.isOwn);
    if (arrived.length > 0) region.current.textContent = describe(arrived, t);
  }, [items, t]);
  return <div ref={region} className="hc-hidden" aria-live="polite" aria-atomic="true" />;
}

function findNewestSeq(items: readonly ConversationItem[]): number {
  return items.findLast((item) => item.seq !== null)?.seq ?? 0;
}

function describe(arrived: readonly ConversationItem[], t: Translate): string {
  if (arrived.length > MOST_READ_OUT) return t("message.arrivedMany", { count: arrived.length });
  return arrived.map((item) => t("message.arrived", { name: item.sender.name, text: item.content })).join("\n");
}
