import type { Translate } from "../../lib/i18n/translate";
import type { ConversationState } from "../../realtime/types";

/** Who is typing, in words. Somebody the room does not name yet counts as one of several. */
export function describeTyping({ typing, room }: Pick<ConversationState, "typing" | "room">, t: Translate): string {
  const names = typing.map((id) => room?.members.find((member) => member.id === id)?.name);
  const [first, second] = names;
  if (names.length === 1 && first !== undefined) return t("conversation.typingOne", { name: first });
  if (names.length === 2 && first !== undefined && second !== undefined) {
    return t("conversation.typingTwo", { first, second });
  }
  return t("conversation.typingMany");
}
