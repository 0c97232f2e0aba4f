import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Translate } from "../../lib/i18n/translate";
import type { ConversationItem, ConversationState } from "../../realtime/types";
import { textWithFiles } from "../files";
import { plainText } from "../writing";
import { Arrivals } from "./arrivals";

/** More than these at once are counted rather than read out. */
const MOST_READ_OUT = 3;

/** Reads out what others write while the conversation is open; never the history. Seen by screen readers only. */
export function Announcer({ state }: { readonly state: ConversationState }): ReactNode {
  const { t } = useTranslation();
  const region = useRef<HTMLDivElement | null>(null);
  const [arrivals] = useState(() => new Arrivals());
  useLayoutEffect(() => {
    const arrived = arrivals.take(state);
    if (arrived.length > 0 && region.current !== null) region.current.textContent = describe(arrived, t);
  }, [arrivals, state, t]);
  return <div ref={region} className="hc-hidden" aria-live="polite" aria-atomic="true" />;
}

function describe(arrived: readonly ConversationItem[], t: Translate): string {
  if (arrived.length > MOST_READ_OUT) return t("message.arrivedMany", { count: arrived.length });
  return arrived
    .map((item) =>
      t("message.arrived", { name: item.sender.name, text: textWithFiles(item, plainText(item.content), t) }),
    )
    .join("\n");
}
