import { useState } from "react";
import type { Conversation, ConversationItem, ConversationState } from "../../realtime/types";
import { useChatClient } from "../session";
import { useActingTexts } from "./useActingTexts";

/** What one can do with a message, as things are, and what was just done, in words for who does not see it. */
export interface Acts {
  readonly said: string;
  canReact(item: ConversationItem): boolean;
  react(item: ConversationItem, emoji: string, on: boolean): void;
  copy(item: ConversationItem): void;
}

export function useActs(conversation: Conversation, state: ConversationState): Acts {
  const { t } = useActingTexts();
  const client = useChatClient();
  const [said, setSaid] = useState("");
  const isBlocked = state.room?.status === "blocked";
  return {
    said,
    canReact: (item) => !isBlocked && item.id !== null && item.deletedAt === null && item.type !== "system",
    react: (item, emoji, on) => {
      if (item.id === null) return;
      client.act(conversation.roomId, { kind: "react", messageId: item.id, emoji, on });
      setSaid(t(on ? "acting.said.reacted" : "acting.said.unreacted", { emoji }));
    },
    copy: (item) => {
      void navigator.clipboard.writeText(item.content).then(() => setSaid(t("acting.said.copied")));
    },
  };
}
