import { useEffect, useState } from "react";

import type { describeSystem } from "../../lib/i18n/systemText";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type { Room } from "../../realtime/types";
import { useChatClient } from "../session";

type Describe = typeof describeSystem;
type Metadata = Parameters<Describe>[0];

/** Once it was needed on this page. */
let loaded: Describe | null = null;

/**
 * What a message of the system says in one's own language; null where there is none, and as long as the words for it, which
 * the first load does without, are on their way. Names are looked up when a text is made: whoever is in a conversation
 * with the reader has one. Views of every row do not follow every room for it.
 */
export function useSystemText(metadata: Metadata): string | null {
  const { me, rooms } = useChatClient();
  const myId = useStore(me)?.id ?? null;
  const { locale } = useTranslation();
  const [describe, setDescribe] = useState(() => loaded);
  const isWanted = metadata !== null && describe === null;
  useEffect(() => {
    if (!isWanted) return;
    import("../../lib/i18n/systemText").then(
      (module) => {
        loaded = module.describeSystem;
        setDescribe(() => loaded);
      },
      () => undefined, // without a network the server's words stay
    );
  }, [isWanted]);
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
