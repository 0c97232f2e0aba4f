import type { describeSystem } from "../../lib/i18n/systemText";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { createLater } from "../../lib/useLater";
import { useStore } from "../../lib/useStore";
import type { Room } from "../../realtime/types";
import { useChatClient } from "../session";

type Metadata = Parameters<typeof describeSystem>[0];

/** As long as it cannot be had, the server's words stay. */
const useDescribe = createLater(async () => (await import("../../lib/i18n/systemText")).describeSystem).use;

/**
 * What a message of the system says in one's own language; null where there is none, and as long as the words for it, which
 * the first load does without, are on their way. Names are looked up when a text is made: whoever is in a conversation
 * with the reader has one. Views of every row do not follow every room for it.
 */
export function useSystemText(metadata: Metadata): string | null {
  const { me, rooms } = useChatClient();
  const myId = useStore(me)?.id ?? null;
  const { locale } = useTranslation();
  const { parts: describe } = useDescribe(metadata !== null);
  if (metadata === null || describe === null) return null;
  return describe(metadata, { myId, nameOf: (userId) => findName(rooms.getSnapshot().rooms, userId), locale });
}

function findName(rooms: readonly Room[], userId: string): string | undefined {
  for (const { members, lastMessage } of rooms) {
    if (lastMessage?.senderId === userId) return lastMessage.senderName;
    const member = members.find(({ id }) => id === userId);
    if (member !== undefined) return member.name;
  }
  return undefined;
}
