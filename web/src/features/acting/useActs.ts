import { useState } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import type {
  Conversation,
  ConversationItem,
  ConversationState,
  MessageAction,
  Room,
  User,
} from "../../realtime/types";
import { say } from "../../ui/snacks";
import { canEdit, editOf, replyTo } from "../composer";
import { useChatClient } from "../session";
import { useActingTexts } from "./useActingTexts";

/** As long as the word about a deletion stands, it can be undone. */
const UNDO_MS = 5_000;

/** What one can do with a message, as things are, and what was just done, in words for who does not see it. */
export interface Acts {
  readonly said: string;
  readonly canReact: (item: ConversationItem) => boolean;
  readonly canReply: (item: ConversationItem) => boolean;
  readonly canEdit: (item: ConversationItem) => boolean;
  readonly canPin: (item: ConversationItem) => boolean;
  readonly canReport: (item: ConversationItem) => boolean;
  /** Who has read one's own message, in a group: elsewhere its ticks say all. */
  readonly canSeeReaders: (item: ConversationItem) => boolean;
  /** In a group: elsewhere it is clear who has written. */
  readonly canMeet: (item: ConversationItem) => boolean;
  readonly canDelete: (item: ConversationItem) => boolean;
  react(item: ConversationItem, emoji: string, on: boolean): void;
  reply(item: ConversationItem): void;
  edit(item: ConversationItem): void;
  pin(item: ConversationItem, on: boolean): void;
  copy(item: ConversationItem): void;
  remove(item: ConversationItem): void;
}

export function useActs(conversation: Conversation, { room }: ConversationState): Acts {
  const { t } = useActingTexts();
  const { t: tOfAll } = useTranslation();
  const client = useChatClient();
  const me = useStore(client.me);
  const [said, setSaid] = useState("");
  const { roomId } = conversation;
  const isBlocked = room?.status === "blocked";
  const isHere = (item: ConversationItem): boolean => item.id !== null && isAlive(item);
  const act = (action: MessageAction): void => void client.act(roomId, action);
  const isOpen = (item: ConversationItem): boolean => !isBlocked && isHere(item);

  const remove = (item: ConversationItem): void => {
    if (item.id === null) {
      if (item.clientMessageId !== null) conversation.discard(item.clientMessageId);
      return;
    }
    const id = client.act(roomId, { kind: "delete", messageId: item.id }, UNDO_MS);
    const undo = (): void => {
      if (!conversation.discard(id)) say(tOfAll("error.too_late"));
    };
    say(t("acting.said.deleted"), { label: t("acting.undo"), run: undo });
  };

  return {
    said,
    canReact: isOpen,
    canReply: isOpen,
    canEdit: (item) => !isBlocked && canEdit(item),
    canPin: (item) => isOpen(item) && isTheirs(room, null),
    canReport: (item) => isHere(item) && !item.isOwn,
    canSeeReaders: (item) => room?.type === "group" && item.isOwn && isHere(item),
    canMeet: (item) => room?.type === "group" && !item.isOwn,
    canDelete: (item) => isAlive(item) && (item.isOwn || isTheirs(room, me)),
    react: (item, emoji, on) => {
      if (item.id === null) return;
      act({ kind: "react", messageId: item.id, emoji, on });
      setSaid(t(on ? "acting.said.reacted" : "acting.said.unreacted", { emoji }));
    },
    reply: (item) => client.drafts.setMode(roomId, replyTo(item)),
    edit: (item) => client.drafts.setMode(roomId, editOf(item)),
    pin: (item, on) => {
      if (item.id === null) return;
      act({ kind: "pin", messageId: item.id, on });
      say(t(on ? "acting.said.pinned" : "acting.said.unpinned"));
    },
    copy: (item) => void navigator.clipboard.writeText(item.content).then(() => say(tOfAll("message.copied"))),
    remove,
  };
}

function isAlive({ deletedAt, type }: ConversationItem): boolean {
  return deletedAt === null && type !== "system";
}

/** Whether what others have said in it is for somebody to pin and to delete; without `person`, to pin alone. */
function isTheirs(room: Room | null, person: User | null): boolean {
  if (room?.type === "group" && room.myRole !== "member") return true;
  return person === null ? room?.type !== "group" : person.role === "admin";
}
