import { formatAgo } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Presence } from "../../realtime/types";

/** “Online”, “Away”, “Last seen 5 minutes ago”; null when nothing is known. */
export function usePresenceText(presence: Presence | undefined): string | null {
  const { t, locale } = useTranslation();
  const now = useNow();
  if (presence === undefined) return null;
  if (presence.online || presence.lastSeenAt === null) return t(`presence.${presence.status}`);
  return t("presence.lastSeen", { when: formatAgo(presence.lastSeenAt, now, locale) });
}
